package token

import (
	"math"
	"slices"

	"github.com/ikawaha/kagome-dict/dict"
)

// connections are the costs of two words side by side. The ids are numbered anew, those of frequent words first, so
// that the costs that are asked for most lie together in the memory.
type connections struct {
	// costs are those of a right id behind a left id, at left*rights+right.
	costs  []int16
	rights int
	// leftOf and rightOf are the new numbers of the dictionary's ids.
	leftOf, rightOf []uint16
}

func newConnections(d *dict.Dict) connections {
	src := &d.Connection
	rights, lefts := int(src.Row), int(src.Col)
	leftHeat, rightHeat := make([]float64, lefts), make([]float64, rights)
	for _, list := range [][]dict.Morph{d.Morphs, d.UnkDict.Morphs} {
		for _, m := range list {
			leftHeat[m.LeftID] += heatOf(m)
			rightHeat[m.RightID] += heatOf(m)
		}
	}
	c := connections{costs: make([]int16, rights*lefts), rights: rights, leftOf: ranks(leftHeat), rightOf: ranks(rightHeat)}
	for l := range lefts {
		column, from := c.costs[int(c.leftOf[l])*rights:], src.Vec[l*rights:(l+1)*rights]
		for r, cost := range from {
			column[c.rightOf[r]] = cost
		}
	}
	return c
}

func (c *connections) left(id int16) uint16  { return c.leftOf[id] }
func (c *connections) right(id int16) uint16 { return c.rightOf[id] }

// oldLeft and oldRight are the dictionary's ids.
func (c *connections) oldLeft(left uint16) int16   { return int16(slices.Index(c.leftOf, left)) }
func (c *connections) oldRight(right uint16) int16 { return int16(slices.Index(c.rightOf, right)) }

// column are the costs behind a left id.
func (c *connections) column(left uint16) []int16 {
	return c.costs[int(left)*c.rights : (int(left)+1)*c.rights]
}

// heatOf guesses from the cost of a word how frequent it is.
func heatOf(m dict.Morph) float64 { return math.Exp(-float64(m.Weight) / 800) }

// ranks numbers ids by falling heat.
func ranks(heat []float64) []uint16 {
	order := make([]int, len(heat))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case heat[a] > heat[b]:
			return -1
		case heat[a] < heat[b]:
			return 1
		}
		return 0
	})
	rank := make([]uint16, len(heat))
	for i, id := range order {
		rank[id] = uint16(i)
	}
	return rank
}
