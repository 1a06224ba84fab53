package token

import (
	"slices"

	"github.com/ikawaha/kagome-dict/dict"
)

// connections are the costs of two words side by side. The ids are numbered anew, those of frequent words first, and the
// costs stand in panels of right ids, so that the costs that are asked for most lie together in the memory.
type connections struct {
	// costs are those of a right id behind a left id, at rowOf(left)+columnOf(right).
	costs []int16
	panel uint32 // how many costs are in a panel
	// leftOf and rightOf are the new numbers of the dictionary's ids.
	leftOf, rightOf []uint16
}

// panelBits is how much of a right id tells its place in a panel.
const panelBits = 7

func newConnections(d *dict.Dict, u *usage) connections {
	src := &d.Connection
	rights, lefts := int(src.Row), int(src.Col)
	c := connections{panel: uint32(lefts) << panelBits, leftOf: ranks(u.left), rightOf: ranks(u.right)}
	c.costs = make([]int16, int(c.panel)*((rights+1<<panelBits-1)>>panelBits))
	columns := make([]uint32, rights)
	for r := range columns {
		columns[r] = c.columnOf(c.rightOf[r])
	}
	for l := range lefts {
		row, from := c.costs[rowOf(c.leftOf[l]):], src.Vec[l*rights:(l+1)*rights]
		for r, cost := range from {
			row[columns[r]] = cost
		}
	}
	return c
}

func rowOf(left uint16) uint32 { return uint32(left) << panelBits }

func (c *connections) columnOf(right uint16) uint32 {
	return uint32(right>>panelBits)*c.panel + uint32(right&(1<<panelBits-1))
}

func (c *connections) left(id int16) uint16  { return c.leftOf[id] }
func (c *connections) right(id int16) uint16 { return c.rightOf[id] }

// oldLeft and oldRight are the dictionary's ids.
func (c *connections) oldLeft(left uint16) int16   { return int16(slices.Index(c.leftOf, left)) }
func (c *connections) oldRight(right uint16) int16 { return int16(slices.Index(c.rightOf, right)) }

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
