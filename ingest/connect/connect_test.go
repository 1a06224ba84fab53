package connect

import (
	"fmt"
	"strings"
	"testing"
)

func TestPasswordIsNeverPrinted(t *testing.T) {
	c := Config{Brokers: []string{"a:1"}, SASL: SASL{Mechanism: "PLAIN", Username: "u", Password: "geheim"}}
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		if s := fmt.Sprintf(format, c); strings.Contains(s, "geheim") {
			t.Errorf("%s prints the password: %s", format, s)
		}
	}
}

func TestValidateNamesEachFault(t *testing.T) {
	for want, c := range map[string]Config{
		"brokers is empty": {},
		"brokers[1]":       {Brokers: []string{"a:1", "b"}},
		"sasl.username":    {Brokers: []string{"a:1"}, SASL: SASL{Mechanism: "PLAIN"}},
		"sasl.mechanism":   {Brokers: []string{"a:1"}, SASL: SASL{Mechanism: "GSSAPI", Username: "u"}},
	} {
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want a fault of %s", err, want)
		}
	}
	ok := Config{Brokers: []string{"a:1"}, SASL: SASL{Mechanism: "SCRAM-SHA-512", Username: "u", Password: "p"}}
	if err := ok.Validate(); err != nil {
		t.Error(err)
	}
}

func TestLoadTLSNamesTheFile(t *testing.T) {
	if _, err := LoadTLS("/does/not/exist", "", "", ""); err == nil || !strings.Contains(err.Error(), "ca_file") {
		t.Errorf("got %v", err)
	}
	if _, err := LoadTLS("connect_test.go", "", "", ""); err == nil || !strings.Contains(err.Error(), "PEM") {
		t.Errorf("got %v", err)
	}
}
