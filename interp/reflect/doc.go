// Package reflect is Go's package reflect as cells have it. The interpreter's
// types have neither names nor methods, and call fields otherwise: so a Type
// here is the checker's, with the interpreter's behind it, and a Value is the
// interpreter's with such a Type. What no cell declares is as Go has it. Its
// nouns are Package, which a session has one of, Type and Value.
package reflect
