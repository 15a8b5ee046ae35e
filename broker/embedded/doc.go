// Package embedded says where the embedded broker of this user is, to those who only want to reach it: it knows no broker's code.
//
// A [Home] is the folder of the user's runtime files in which a broker keeps its [Address], its log and its [Lock]s. [Find] gives the
// address of the one that lives.
package embedded
