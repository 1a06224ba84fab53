package train

import "math"

// problem is one binary task: rows and scales of the examples' features, labels and costs.
type problem struct {
	rows  [][]int32
	scale []float32 // of every row
	yes   []bool
	cost  []float64
	// factor scales an example.
	factor []float64
}

// solver finds weights by coordinate descent on the dual of logistic regression with an L2 penalty: one example at a time,
// the multiplier that is best while all others stay. Buffers are kept between problems of one size.
type solver struct {
	w     []float64
	alpha []float64
	order []int32
	norm  []float64
}

// solve returns the weights; the last one is the bias. They are valid until the next call.
func (s *solver) solve(p *problem, epochs int) []float64 {
	n, dim := len(p.rows), len(p.scale)+1
	s.w = zeroed(s.w, dim)
	s.alpha = zeroed(s.alpha, n)
	s.norm = zeroed(s.norm, n)
	if cap(s.order) < n {
		s.order = make([]int32, n)
	}
	s.order = s.order[:n]
	for i, rows := range p.rows {
		s.order[i] = int32(i)
		s.norm[i] = 1
		for _, r := range rows {
			s.norm[i] += float64(p.scale[r]) * float64(p.scale[r]) * p.factor[i] * p.factor[i]
		}
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
	return s.w
}

// step improves the multiplier of one example and returns by how much it moved, as a share of its cost.
func (s *solver) step(p *problem, i int) float64 {
	if p.cost[i] == 0 {
		return 0
	}
	sign := -1.0
	if p.yes[i] {
		sign = 1
	}
	bias := len(s.w) - 1
	sum := 0.0
	for _, r := range p.rows[i] {
		sum += float64(s.w[r] * float64(p.scale[r]))
	}
	sum = s.w[bias] + float64(sum*p.factor[i])
	c, a, old := p.cost[i], s.norm[i], s.alpha[i]
	// The best z in (0, c) has log(z/(c-z)) + a(z-old) + sign·sum = 0. With z = c/(1+exp(-u)) this rises in u at a
	// slope of at least 1, so Newton's method converges from anywhere near.
	margin := float64(sign * sum)
	u := -margin
	if old > 0 {
		u = math.Log(old / (c - old))
	}
	z, low, high := 0.0, -40.0, 40.0
	for range 30 {
		z = c / (1 + math.Exp(-u))
		h := u + float64(a*(z-old)) + margin
		if math.Abs(h) < 1e-3 {
			break
		}
		if h > 0 {
			high = u
		} else {
			low = u
		}
		if u -= h / (1 + float64(a*z)*(1-z/c)); u <= low || u >= high {
			u = (low + high) / 2
		}
	}
	z = c / (1 + math.Exp(-u))
	d := float64(sign * (z - old))
	s.alpha[i] = z
	s.w[bias] += d
	d = float64(d * p.factor[i])
	for _, r := range p.rows[i] {
		s.w[r] += float64(d * float64(p.scale[r]))
	}
	return math.Abs(d) / c
}

func zeroed(b []float64, n int) []float64 {
	if cap(b) < n {
		return make([]float64, n)
	}
	b = b[:n]
	clear(b)
	return b
}
