package grafana_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// What compose.dev.yaml mounts exists, and gives every variable that the provisioning files and the dashboards need.
func TestProvisioning(t *testing.T) {
	type service struct {
		Environment map[string]string `yaml:"environment"`
		Volumes     []string          `yaml:"volumes"`
	}
	var compose struct {
		Services map[string]service `yaml:"services"`
	}
	read(t, "../../compose.dev.yaml", &compose)
	grafana := compose.Services["grafana"]
	var mounted []string
	for _, name := range []string{"grafana", "prometheus"} {
		for _, v := range compose.Services[name].Volumes {
			from, to, _ := strings.Cut(v, ":")
			if _, err := os.Stat("../../" + from); err != nil {
				t.Errorf("compose.dev.yaml mounts %s: %v", from, err)
			}
			mounted = append(mounted, strings.TrimSuffix(to, ":ro"))
		}
	}
	const sources = "provisioning/datasources/voc.yaml"
	text, err := os.ReadFile(sources)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`\$\{(\w+)\}`).FindAllStringSubmatch(string(text), -1) {
		if grafana.Environment[m[1]] == "" {
			t.Errorf("%s needs %s, which compose.dev.yaml does not give", sources, m[1])
		}
	}
	var datasources struct {
		Datasources []struct {
			Type     string            `yaml:"type"`
			JSONData map[string]any    `yaml:"jsonData"`
			Secure   map[string]string `yaml:"secureJsonData"`
		} `yaml:"datasources"`
	}
	read(t, sources, &datasources)
	var types []string
	for _, d := range datasources.Datasources {
		types = append(types, d.Type)
	}
	for _, d := range load(t) {
		for _, v := range d.Templating.List {
			if v.Type == "datasource" && !slices.Contains(types, v.Query.(string)) {
				t.Errorf("%s needs a datasource %s; %s has %v", d.UID, v.Query, sources, types)
			}
		}
		if version := d.Panels[1].Targets[0].PluginVersion; version != datasources.Datasources[0].JSONData["version"] || !strings.HasSuffix(grafana.Environment["GF_INSTALL_PLUGINS"], " "+version) {
			t.Errorf("%s is written for version %s of the plugin; the datasource and compose.dev.yaml name others", d.UID, version)
		}
	}
	var dashboards struct {
		Providers []struct {
			Options struct {
				Path string `yaml:"path"`
			} `yaml:"options"`
		} `yaml:"providers"`
	}
	read(t, "provisioning/dashboards/voc.yaml", &dashboards)
	if p := dashboards.Providers[0].Options.Path; !slices.Contains(mounted, p) {
		t.Errorf("the dashboards are looked for in %s, and %v are mounted", p, mounted)
	}
}

func read(t *testing.T, path string, into any) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}
