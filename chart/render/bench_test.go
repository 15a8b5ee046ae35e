package render

import "testing"

func BenchmarkLive(b *testing.B) {
	for _, p := range pictures() {
		switch p.name {
		case "one", "cars", "dense", "many", "scatter":
			b.Run(p.name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := Live(p.spec, p.data); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkFinal(b *testing.B) {
	p := pictures()[1]
	for b.Loop() {
		if _, err := Final(p.spec, p.data); err != nil {
			b.Fatal(err)
		}
	}
}
