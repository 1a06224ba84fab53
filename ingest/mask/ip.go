package mask

import "net/netip"

// hosts masks public IPv4 addresses, IPv6 addresses and hardware addresses.
func (w *Worker) hosts() {
	f := &w.f
	for i := 0; i < len(f.r); i++ {
		r := f.r[i]
		if !isHex(r) && (r != ':' || f.at(i+1) != ':') || isAlnum(f.at(i-1)) {
			continue
		}
		if b := f.at(i - 1); (b == ':' || b == '.' || b == '-') && (isHex(f.at(i-2)) || f.at(i-2) == b) {
			continue
		}
		end := w.hostEnd(i)
		if end == i {
			continue
		}
		i = end - 1
	}
}

func isHex(r rune) bool { return isDigit(r) || r >= 'a' && r <= 'f' || r >= 'A' && r <= 'F' }

// hostEnd reads the run of address characters at cell i, masks it when it is an address, and gives its end.
func (w *Worker) hostEnd(i int) int {
	f := &w.f
	end, dots, colons, dashes := i, 0, 0, 0
	for end < len(f.r) {
		switch r := f.r[end]; {
		case isHex(r):
		case r == '.':
			dots++
		case r == ':':
			colons++
		case r == '-':
			dashes++
		default:
			goto done
		}
		end++
	}
done:
	stop := end
	for stop > i && (f.r[stop-1] == '.' || f.r[stop-1] == '-') {
		stop--
	}
	if stop-i < 6 || stop-i > 45 || isAlnum(f.at(stop)) {
		return max(end, i)
	}
	switch {
	case (colons == 5 || dashes == 5) && stop-i == 17 && f.isHardware(i):
		w.hit(IP, i, stop, w.canonicalASCII(i, stop))
	case colons >= 2 && dashes == 0:
		w.ipv6(i, stop)
	case dots >= 3 && colons <= 1 && dashes == 0:
		for k := i; k < stop; k++ {
			if f.r[k] == ':' {
				stop = k // a port
			}
		}
		w.ipv4(i, stop)
	}
	return max(end, i+1)
}

func (f *folded) isHardware(i int) bool {
	for k := range 17 {
		r := f.at(i + k)
		if k%3 == 2 && r != ':' && r != '-' || k%3 != 2 && !isHex(r) {
			return false
		}
	}
	return true
}

func (w *Worker) ipv6(from, to int) {
	if w.f.r[to-1] == ':' && w.f.at(to-2) != ':' {
		to--
	}
	text := w.canonicalASCII(from, to)
	addr, err := netip.ParseAddr(string(text))
	if err != nil || addr.IsLoopback() || addr.IsUnspecified() || addr.IsLinkLocalUnicast() || addr.IsMulticast() {
		return
	}
	w.hit(IP, from, to, []byte(addr.String()))
}

// ipv4 masks an address of four numbers unless it is private or rather a version: a version has a cue, or no number
// of three digits.
func (w *Worker) ipv4(from, to int) {
	f := &w.f
	var octets [4]byte
	n, value, digits, wide := 0, 0, 0, false
	for k := from; k <= to; k++ {
		if k == to || f.r[k] == '.' {
			if digits == 0 || digits > 3 || value > 255 || n > 3 {
				return
			}
			wide = wide || digits == 3
			octets[n] = byte(value)
			n, value, digits = n+1, 0, 0
			continue
		}
		if !isDigit(f.r[k]) {
			return
		}
		value = value*10 + int(f.r[k]-'0')
		digits++
	}
	addr := netip.AddrFrom4(octets)
	if n != 4 || addr.IsPrivate() || addr.IsLoopback() || addr.IsUnspecified() || addr.IsMulticast() || addr.IsLinkLocalUnicast() || octets[0] == 0 || octets[0] >= 240 {
		return
	}
	const reach = 14
	if lower(f.at(from-1)) == 'v' || w.cueNear(cueVersion, from, reach) {
		return
	}
	if !wide && !w.cueNear(cueIP, from, reach) {
		return
	}
	w.hit(IP, from, to, w.canonicalASCII(from, to))
}
