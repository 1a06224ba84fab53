package mask

import (
	"fmt"
	"strings"
)

// Kind is a class of personal data.
type Kind uint8

// The kinds. Their order is the order of Counts.
const (
	Mail     Kind = iota // mail addresses, also disguised ones
	Phone                // Japanese and international phone and fax numbers, extensions with a cue
	Postal               // postal codes with 〒, a cue or an address behind them
	Address              // places down to the block, with building and room
	Card                 // payment cards: 13 to 19 digits that pass the Luhn test
	MyNumber             // マイナンバー: 12 digits that pass its check, or named so
	Number               // order, account, customer, ticket numbers and login names behind a cue
	Secret               // passwords, API keys, credentials and opaque parts of URLs
	Mention              // @handles
	Account              // ids on social networks: behind a cue, or in a profile's URL
	IP                   // public IP addresses and hardware addresses
	Name                 // names of persons
	kinds
)

// names are the texts of the kinds, in configuration and metrics; labels their form inside a mask token.
var (
	kindNames  = [kinds]string{"mail", "phone", "postal", "address", "card", "mynumber", "number", "secret", "mention", "account", "ip", "name"}
	kindLabels = [kinds]string{"MAIL", "TEL", "ZIP", "ADDR", "CARD", "MYNUM", "NUM", "SECRET", "MENTION", "ACCOUNT", "IP", "NAME"}
)

// String is the kind's name in configuration and metrics.
func (k Kind) String() string {
	if k < kinds {
		return kindNames[k]
	}
	return fmt.Sprintf("Kind(%d)", uint8(k))
}

// Kinds lists every kind.
func Kinds() []Kind {
	out := make([]Kind, kinds)
	for i := range out {
		out[i] = Kind(i)
	}
	return out
}

// ParseKind gives the kind with the given name.
func ParseKind(name string) (Kind, error) {
	for i, n := range kindNames {
		if n == name {
			return Kind(i), nil
		}
	}
	return 0, fmt.Errorf("%q is no kind of personal data; use one of %s", name, strings.Join(kindNames[:], ", "))
}

// Counts says how many values of each kind were masked.
type Counts [kinds]uint32

// Of is the count of one kind.
func (c Counts) Of(k Kind) uint32 { return c[k] }

// Total is the sum over all kinds.
func (c Counts) Total() uint32 {
	n := uint32(0)
	for _, v := range c {
		n += v
	}
	return n
}

// Add adds other, kind by kind.
func (c *Counts) Add(other Counts) {
	for i, v := range other {
		c[i] += v
	}
}

// Map gives the kinds that occur, by name.
func (c Counts) Map() map[string]uint32 {
	out := map[string]uint32{}
	for i, v := range c {
		if v > 0 {
			out[kindNames[i]] = v
		}
	}
	return out
}
