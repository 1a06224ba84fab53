package privacy

import (
	"encoding/hex"
	"slices"
	"strings"
	"unicode/utf8"
)

// Mask replaces personal data in a text: mail addresses by [mail:…], Japanese phone numbers by [phone:…], and values
// of secret parameters in web addresses by ***. The same address or number gets the same eight letters, also when it
// is written in full-width characters or with other separators. A text without any is returned as it is.
//
// The result holds nothing more to mask: masking it again changes nothing.
func (p *Pseudonymiser) Mask(text string) string {
	if strings.Contains(text, "://") {
		text = maskURLs(text)
	}
	if strings.ContainsAny(text, "@＠") {
		text = p.maskMails(text)
	}
	if digits(text, 10) {
		text = p.maskPhones(text)
	}
	return text
}

func (p *Pseudonymiser) tag(kind, value string) string {
	return "[" + kind + ":" + hex.EncodeToString(p.sum(kind, value)[:4]) + "]"
}

// narrow returns the ASCII form of a full-width character, and other characters as they are.
func narrow(r rune) rune {
	if r >= '！' && r <= '～' {
		return r - '！' + '!'
	}
	return r
}

// digits says whether a text has at least n digits, half or full width.
func digits(s string, n int) bool {
	for _, r := range s {
		if isDigit(narrow(r)) {
			if n--; n == 0 {
				return true
			}
		}
	}
	return false
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func isAlnum(r rune) bool {
	return isDigit(r) || (r >= 'a' && r <= 'z') || (r >= 'A' && r <= 'Z')
}

func isLocal(r rune) bool { return isAlnum(r) || strings.ContainsRune("._%+-!#$&'*/=?^{|}~", r) }

func isDomain(r rune) bool { return isAlnum(r) || r == '-' || r == '.' }

// maskMails looks left and right of every @ for what makes an address of it.
func (p *Pseudonymiser) maskMails(text string) string {
	rs := []rune(text)
	var out []rune
	done := 0 // everything before is in out
	for i := 0; i < len(rs); i++ {
		if narrow(rs[i]) != '@' {
			continue
		}
		start := i
		for start > done && isLocal(narrow(rs[start-1])) {
			start--
		}
		end := i + 1
		for end < len(rs) && isDomain(narrow(rs[end])) {
			end++
		}
		for end > i+1 && !isAlnum(narrow(rs[end-1])) {
			end-- // a full stop that ends the sentence
		}
		domain := rs[i+1 : end]
		if start == i || !slices.ContainsFunc(domain, func(r rune) bool { return narrow(r) == '.' }) {
			continue
		}
		var plain strings.Builder
		for _, r := range rs[start:end] {
			plain.WriteRune(narrow(r))
		}
		out = append(out, rs[done:start]...)
		out = append(out, []rune(p.tag("mail", strings.ToLower(plain.String())))...)
		done, i = end, end-1
	}
	if done == 0 {
		return text
	}
	return string(append(out, rs[done:]...))
}

// separators are what people write between the digits of a phone number.
const separators = "-‐‑‒–—―−ーｰ() \u3000\u00a0"

// maskPhones replaces Japanese numbers: 0 and nine or ten more digits, or +81 and nine or ten digits, with or without
// separators.
func (p *Pseudonymiser) maskPhones(text string) string {
	rs := []rune(text)
	var out []rune
	done := 0
	for i := 0; i < len(rs); {
		r := narrow(rs[i])
		if !isDigit(r) && r != '+' {
			i++
			continue
		}
		number, end := phone(rs, i)
		if number == "" {
			// Skips the whole run of digits: its tail is no number of its own.
			i++
			for i < len(rs) && isDigit(narrow(rs[i])) {
				i++
			}
			continue
		}
		start := i
		if start > done && narrow(rs[start-1]) == '(' {
			start-- // (03) 1234-5678
		}
		out = append(out, rs[done:start]...)
		out = append(out, []rune(p.tag("phone", number))...)
		done, i = end, end
	}
	if done == 0 {
		return text
	}
	return string(append(out, rs[done:]...))
}

// phone reads a number at rs[i], in its national form, and returns where it ends; "" when there is none.
func phone(rs []rune, i int) (number string, end int) {
	international := narrow(rs[i]) == '+'
	if international {
		i++
	}
	var d []rune
	gap := 0
	end = i
	for j := i; j < len(rs) && len(d) <= 13; j++ {
		r := narrow(rs[j])
		if isDigit(r) {
			d = append(d, r)
			gap, end = 0, j+1
			continue
		}
		if gap++; len(d) == 0 || gap > 2 || !strings.ContainsRune(separators, r) {
			break
		}
	}
	s := string(d)
	if international {
		if !strings.HasPrefix(s, "81") {
			return "", 0
		}
		s = "0" + strings.TrimPrefix(strings.TrimPrefix(s, "81"), "0")
	}
	if (len(s) == 10 || len(s) == 11) && s[0] == '0' && s[1] != '0' {
		return s, end
	}
	return "", 0
}

// secretNames are parameters of web addresses whose values let somebody in, or name somebody.
var secretNames = []string{
	"access_token", "api_key", "apikey", "auth", "authorization", "code", "email", "id_token", "jwt", "key", "mail", "otp", "pass", "passwd",
	"password", "phone", "pin", "pwd", "refresh_token", "secret", "session", "sessionid", "sid", "sig", "signature", "tel", "ticket", "token",
}

func secretName(name string) bool {
	name = strings.ToLower(name)
	_, ok := slices.BinarySearch(secretNames, name)
	return ok || strings.HasSuffix(name, "token") || strings.HasSuffix(name, "secret") || strings.HasSuffix(name, "password") ||
		strings.HasSuffix(name, "_key") || strings.HasSuffix(name, "signature")
}

// maskURLs replaces logins and secret parameters of web addresses.
func maskURLs(text string) string {
	var b strings.Builder
	for {
		i := strings.Index(text, "://")
		if i < 0 {
			break
		}
		i += len("://")
		b.WriteString(text[:i])
		end := i
		for end < len(text) {
			r, n := utf8.DecodeRuneInString(text[end:])
			if r <= ' ' || r >= utf8.RuneSelf || strings.ContainsRune("\"'<>`", r) {
				break
			}
			end += n
		}
		b.WriteString(maskURL(text[i:end]))
		text = text[end:]
	}
	b.WriteString(text)
	return b.String()
}

// maskURL masks one address without its scheme.
func maskURL(u string) string {
	host, rest := u, ""
	if i := strings.IndexAny(u, "/?#"); i >= 0 {
		host, rest = u[:i], u[i:]
	}
	if i := strings.LastIndexByte(host, '@'); i >= 0 {
		host = "***" + host[i:]
	}
	// Parameters follow ? and #, and are parted by & or ;.
	var b strings.Builder
	b.WriteString(strings.Replace(host, "***@", "***.", 1)) // without @, or it would look like a mail address
	i := strings.IndexAny(rest, "?#")
	if i < 0 {
		b.WriteString(rest)
		return b.String()
	}
	b.WriteString(rest[:i])
	rest = rest[i:]
	for rest != "" {
		b.WriteByte(rest[0])
		rest = rest[1:]
		n := strings.IndexAny(rest, "?#&;")
		if n < 0 {
			n = len(rest)
		}
		name, value, ok := strings.Cut(rest[:n], "=")
		b.WriteString(name)
		if ok {
			b.WriteByte('=')
			if value != "" && secretName(name) {
				value = "***"
			}
			b.WriteString(value)
		}
		rest = rest[n:]
	}
	return b.String()
}
