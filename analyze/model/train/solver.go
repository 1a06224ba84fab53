package train

import "math"

// lanes is how many tasks are solved side by side, so that their weights of a feature share a cache line.
const lanes = 4

// problem is some binary tasks over the same examples: rows and scales of the examples' features, labels and costs.
type problem struct {
	rows  [][]int32
	scale []float32 // of every row
	yes   [][lanes]bool
	cost  [][lanes]float64
	// factor scales an example.
	factor []float64
}

// solver finds weights by coordinate descent on the dual of logistic regression with an L2 penalty: one example at a time,
// the multiplier that is best while all others stay. Buffers are kept between problems of one size.
type solver struct {
	w      [][lanes]float64 // of every row, times its scale
	bias   [lanes]float64
	square []float64
	alpha  [][lanes]float64
	order  []int32
	norm   []float64
}

// solve returns the weights of every row, times its scale, and the biases. They are valid until the next call.
func (s *solver) solve(p *problem, epochs int) ([][lanes]float64, [lanes]float64) {
	n := len(p.rows)
	s.w = zeroed(s.w, len(p.scale))
	s.square = zeroed(s.square, len(p.scale))
	s.alpha = zeroed(s.alpha, n)
	s.norm = zeroed(s.norm, n)
	s.order = zeroed(s.order, n)
	s.bias = [lanes]float64{}
	for r, x := range p.scale {
		s.square[r] = float64(x) * float64(x)
	}
	for i, rows := range p.rows {
		s.order[i] = int32(i)
		sum := 0.0
		for _, r := range rows {
			sum += s.square[r]
		}
		s.norm[i] = 1 + float64(sum*p.factor[i])*p.factor[i]
	}
	random := uint64(88172645463325252)
	for range epochs {
		for i := n - 1; i > 0; i-- {
			random ^= random << 13
			random ^= random >> 7
			random ^= random << 17
			k := int(random % uint64(i+1))
			s.order[i], s.order[k] = s.order[k], s.order[i]
		}
		most := 0.0
		for _, i := range s.order {
			most = max(most, s.step(p, int(i)))
		}
		if most < 0.01 {
			break
		}
	}
	return s.w, s.bias
}

// step improves the multipliers of one example and returns by how much one moved at most, as a share of its cost.
func (s *solver) step(p *problem, i int) float64 {
	var sum, d [lanes]float64
	for _, r := range p.rows[i] {
		w := &s.w[r]
		for k := range sum {
			sum[k] += w[k]
		}
	}
	f, moved := p.factor[i], 0.0
	for k := range sum {
		c := p.cost[i][k]
		if c == 0 {
			continue
		}
		sign := -1.0
		if p.yes[i][k] {
			sign = 1
		}
		old := s.alpha[i][k]
		z := best(c, s.norm[i], old, float64(sign*(s.bias[k]+float64(sum[k]*f))))
		s.alpha[i][k] = z
		d[k] = float64(sign * (z - old))
		s.bias[k] += d[k]
		moved = max(moved, math.Abs(d[k])/c)
		d[k] *= f
	}
	if moved == 0 {
		return 0
	}
	for _, r := range p.rows[i] {
		w, x := &s.w[r], s.square[r]
		for k := range d {
			w[k] += float64(d[k] * x)
		}
	}
	return moved
}

// best is the z in (0, c) with log(z/(c-z)) + norm(z-old) + margin = 0. With z = c/(1+exp(-u)) this rises in u at a
// slope of at least 1, so Newton's method converges from anywhere near.
func best(c, norm, old, margin float64) float64 {
	u := -margin
	if old > 0 {
		u = math.Log(old / (c - old))
	}
	z, low, high := 0.0, -40.0, 40.0
	for range 30 {
		z = c / (1 + math.Exp(-u))
		h := u + float64(norm*(z-old)) + margin
		if math.Abs(h) < 1e-3 {
			break
		}
		if h > 0 {
			high = u
		} else {
			low = u
		}
		if u -= h / (1 + float64(norm*z)*(1-z/c)); u <= low || u >= high {
			u = (low + high) / 2
		}
	}
	return c / (1 + math.Exp(-u))
}

func zeroed[T any](b []T, n int) []T {
	if cap(b) < n {
		return make([]T, n)
	}
	b = b[:n]
	clear(b)
	return b
}
