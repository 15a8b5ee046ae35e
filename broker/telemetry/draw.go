package telemetry

// random is 64 random bits that belong to one row and one purpose, whatever was drawn before.
type random uint64

const (
	saltNoise = iota + 1
	saltLate
	saltMissing
	saltWrong
	saltPosition
)

// draw is SplitMix64 (Steele, Lea and Flood, 2014) over its arguments.
func draw(seed, i, salt uint64) random {
	z := mix(seed + 0x9e3779b97f4a7c15*salt)
	return random(mix(z + 0x9e3779b97f4a7c15*(i+1)))
}

func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// spread is a number within most of zero; lane 0 to 3 chooses among independent ones.
func (r random) spread(lane int, most float64) float64 {
	bits := uint64(r) >> (16 * lane) & 0xffff
	return (float64(bits)/0x7fff - 1) * most
}

// partition of a key as Kafka's clients choose it: murmur2 (Austin Appleby) with Kafka's seed, without its sign.
func partition(key string) int32 {
	const m, seed = 0x5bd1e995, 0x9747b28c
	n := len(key)
	h := uint32(seed) ^ uint32(n)
	i := 0
	for ; n-i >= 4; i += 4 {
		k := uint32(key[i]) | uint32(key[i+1])<<8 | uint32(key[i+2])<<16 | uint32(key[i+3])<<24
		k *= m
		k ^= k >> 24
		h = h*m ^ k*m
	}
	switch n - i {
	case 3:
		h ^= uint32(key[i+2]) << 16
		fallthrough
	case 2:
		h ^= uint32(key[i+1]) << 8
		fallthrough
	case 1:
		h = (h ^ uint32(key[i])) * m
	}
	h ^= h >> 13
	h *= m
	h ^= h >> 15
	return int32(h&0x7fffffff) % Partitions
}
