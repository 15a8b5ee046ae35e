package jsontext

// Space is the place of the first byte at or after i that is not white space.
func Space(src []byte, i int) int {
	for i < len(src) && src[i] <= ' ' && (src[i] == ' ' || src[i] == '\n' || src[i] == '\r' || src[i] == '\t') {
		i++
	}
	return i
}

// Skip passes over the value that starts at i, checking it whole, and gives
// the place after it. Objects and lists may be nested depth deep in it.
func Skip(src []byte, i, depth int) (int, error) {
	if i >= len(src) {
		return i, Unexpected(src, i, "a value")
	}
	switch c := src[i]; {
	case c == '"':
		next, _, err := scanString(src, i+1)
		return next, err
	case c == '-' || c-'0' <= 9:
		return skipNumber(src, i)
	case c == '{':
		return skipObject(src, i, depth-1)
	case c == '[':
		return skipList(src, i, depth-1)
	case c == 't':
		return skipWord(src, i, "true")
	case c == 'f':
		return skipWord(src, i, "false")
	case c == 'n':
		return skipWord(src, i, "null")
	}
	return i, Unexpected(src, i, "a value")
}

func skipWord(src []byte, i int, word string) (int, error) {
	if len(src)-i >= len(word) && string(src[i:i+len(word)]) == word {
		return i + len(word), nil
	}
	return i, wrong(i, "want %s", word)
}

func skipObject(src []byte, i, depth int) (int, error) {
	if depth < 0 {
		return i, TooDeep(i)
	}
	i = Space(src, i+1)
	if i < len(src) && src[i] == '}' {
		return i + 1, nil
	}
	for {
		_, _, next, err := Name(src, i)
		if err != nil {
			return i, err
		}
		if i, err = Skip(src, next, depth); err != nil {
			return i, err
		}
		next, more, err := Comma(src, i, '}')
		if !more {
			return next, err
		}
		i = next
	}
}

// Name reads a member's name, which starts at i, and the colon after it. It
// gives the bytes between the quotes, whether they have escapes, and the place of the value.
func Name(src []byte, i int) (raw []byte, escaped bool, next int, err error) {
	if i >= len(src) || src[i] != '"' {
		return nil, false, i, Unexpected(src, i, "a name in quotes")
	}
	end, escaped, err := scanString(src, i+1)
	if err != nil {
		return nil, false, end, err
	}
	raw = src[i+1 : end-1]
	i = Space(src, end)
	if i >= len(src) || src[i] != ':' {
		return nil, false, i, Unexpected(src, i, "':'")
	}
	return raw, escaped, Space(src, i+1), nil
}

// Comma reads what stands after a member or element that ended before i: a
// comma, then next is the place of what follows and more is true; or the
// closing bracket, then next is the place after it.
func Comma(src []byte, i int, closing byte) (next int, more bool, err error) {
	if i+1 < len(src) && src[i] == ',' && src[i+1] > ' ' {
		return i + 1, true, nil
	}
	return comma(src, i, closing)
}

func comma(src []byte, i int, closing byte) (next int, more bool, err error) {
	i = Space(src, i)
	if i < len(src) {
		if src[i] == ',' {
			return Space(src, i+1), true, nil
		}
		if src[i] == closing {
			return i + 1, false, nil
		}
	}
	return i, false, Unexpected(src, i, "',' or '"+string(closing)+"'")
}

func skipList(src []byte, i, depth int) (int, error) {
	if depth < 0 {
		return i, TooDeep(i)
	}
	i = Space(src, i+1)
	if i < len(src) && src[i] == ']' {
		return i + 1, nil
	}
	for {
		end, err := Skip(src, i, depth)
		if err != nil {
			return end, err
		}
		next, more, err := Comma(src, end, ']')
		if !more {
			return next, err
		}
		i = next
	}
}
