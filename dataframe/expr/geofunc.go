package expr

import (
	"math"

	"github.com/riffle-stream/riffle/dataframe/row"
)

func geoFunctions() []function {
	f := row.Float
	return []function{
		{name: "haversine", params: "lat1, lon1, lat2, lon2", doc: "the distance in metres between two places in degrees, on a sphere", example: "haversine(lat, lon, 45.6156, 9.2811)", forms: []overload{
			{in: []row.Kind{f, f, f, f}, out: f, kernel: haversines}}},
	}
}

// earthRadius is the mean radius of the earth in metres (IUGG).
const earthRadius = 6_371_008.8

func haversines(s *step, n int) {
	lat1, m1 := arg[float64](s, 0)
	lon1, m2 := arg[float64](s, 1)
	lat2, m3 := arg[float64](s, 2)
	lon2, m4 := arg[float64](s, 3)
	for i := range s.own.Floats {
		s.own.Floats[i] = haversine(lat1[i&m1], lon1[i&m2], lat2[i&m3], lon2[i&m4])
	}
}

// haversine is the great-circle distance in metres (R. W. Sinnott, 1984).
func haversine(lat1, lon1, lat2, lon2 float64) float64 {
	const rad = math.Pi / 180
	dLat, dLon := math.Sin((lat2-lat1)*rad/2), math.Sin((lon2-lon1)*rad/2)
	h := float64(dLat*dLat) + float64(float64(math.Cos(lat1*rad)*math.Cos(lat2*rad))*float64(dLon*dLon))
	return 2 * earthRadius * math.Asin(math.Sqrt(min(h, 1)))
}
