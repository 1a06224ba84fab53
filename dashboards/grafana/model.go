package grafana

// The types below are the part of Grafana's dashboard JSON (the classic model, schema version 42) that the dashboards
// use. types/ checks what comes out against Grafana's own types.

// Dashboard is one dashboard.
type Dashboard struct {
	UID           string     `json:"uid"`
	Title         string     `json:"title"`
	Description   string     `json:"description"`
	Tags          []string   `json:"tags"`
	Timezone      string     `json:"timezone"`
	WeekStart     string     `json:"weekStart"`
	Time          TimeRange  `json:"time"`
	Refresh       string     `json:"refresh"`
	Editable      bool       `json:"editable"`
	GraphTooltip  int        `json:"graphTooltip"` // 1 shares the crosshair
	SchemaVersion int        `json:"schemaVersion"`
	Links         []Shortcut `json:"links"`
	Templating    Templating `json:"templating"`
	Panels        []*Panel   `json:"panels"`
}

// TimeRange is the period that a dashboard opens with.
type TimeRange struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Shortcut is a link at the top of a dashboard.
type Shortcut struct {
	Title       string   `json:"title"`
	Type        string   `json:"type"` // link or dashboards
	URL         string   `json:"url,omitempty"`
	Tooltip     string   `json:"tooltip"`
	Icon        string   `json:"icon"`
	Tags        []string `json:"tags"`
	AsDropdown  bool     `json:"asDropdown"`
	IncludeVars bool     `json:"includeVars"`
	KeepTime    bool     `json:"keepTime"`
	TargetBlank bool     `json:"targetBlank"`
}

// Templating holds the variables.
type Templating struct {
	List []Variable `json:"list"`
}

// Variable is a choice that the reader of a dashboard has.
type Variable struct {
	Name        string      `json:"name"`
	Type        string      `json:"type"` // query, datasource or constant
	Label       string      `json:"label"`
	Description string      `json:"description,omitempty"`
	Hide        int         `json:"hide"` // 2 hides it
	SkipURLSync bool        `json:"skipUrlSync"`
	Datasource  *Datasource `json:"datasource,omitempty"`
	// Query is a text, or a Target for a variable that asks ClickHouse.
	Query      any     `json:"query"`
	Refresh    int     `json:"refresh,omitempty"` // 1 when the dashboard opens, 2 whenever the period changes
	Multi      bool    `json:"multi,omitempty"`
	IncludeAll bool    `json:"includeAll,omitempty"`
	AllValue   string  `json:"allValue,omitempty"`
	Current    *Choice `json:"current,omitempty"`
}

// Choice is a value of a variable.
type Choice struct {
	Text  any `json:"text"`
	Value any `json:"value"`
}

// Datasource names a datasource, or a variable that holds one.
type Datasource struct {
	Type string `json:"type"`
	UID  string `json:"uid"`
}

// Panel is one picture of a dashboard, or a row that heads those below it.
type Panel struct {
	ID          int          `json:"id"`
	Type        string       `json:"type"`
	Title       string       `json:"title"`
	Description string       `json:"description,omitempty"`
	GridPos     GridPos      `json:"gridPos"`
	Datasource  *Datasource  `json:"datasource,omitempty"`
	Targets     []Target     `json:"targets,omitempty"`
	FieldConfig *FieldConfig `json:"fieldConfig,omitempty"`
	Options     any          `json:"options,omitempty"`
	// Collapsed and Panels are of rows only.
	Collapsed *bool     `json:"collapsed,omitempty"`
	Panels    *[]*Panel `json:"panels,omitempty"`
}

// GridPos is where a panel stands on a grid 24 wide.
type GridPos struct {
	X int `json:"x"`
	Y int `json:"y"`
	W int `json:"w"`
	H int `json:"h"`
}

// Target is what a panel asks: RawSQL of ClickHouse or Expr of Prometheus.
type Target struct {
	RefID         string      `json:"refId"`
	Datasource    *Datasource `json:"datasource,omitempty"`
	EditorType    string      `json:"editorType,omitempty"`
	PluginVersion string      `json:"pluginVersion,omitempty"`
	QueryType     string      `json:"queryType,omitempty"`
	Format        any         `json:"format,omitempty"` // 0 time series and 1 table for ClickHouse, a word for Prometheus
	RawSQL        string      `json:"rawSql,omitempty"`
	Expr          string      `json:"expr,omitempty"`
	LegendFormat  string      `json:"legendFormat,omitempty"`
	Instant       *bool       `json:"instant,omitempty"`
	Range         *bool       `json:"range,omitempty"`
}

// FieldConfig says how values are shown.
type FieldConfig struct {
	Defaults  Defaults   `json:"defaults"`
	Overrides []Override `json:"overrides"`
}

// Defaults hold for every field of a panel.
type Defaults struct {
	Unit       string         `json:"unit,omitempty"`
	Decimals   *int           `json:"decimals,omitempty"`
	Min        *float64       `json:"min,omitempty"`
	Max        *float64       `json:"max,omitempty"`
	NoValue    string         `json:"noValue,omitempty"`
	Color      *Color         `json:"color,omitempty"`
	Thresholds *Thresholds    `json:"thresholds,omitempty"`
	Links      []Link         `json:"links,omitempty"`
	Custom     map[string]any `json:"custom,omitempty"`
}

// Override changes the settings of the fields that match.
type Override struct {
	Matcher    Matcher    `json:"matcher"`
	Properties []Property `json:"properties"`
}

// Matcher finds fields.
type Matcher struct {
	ID      string `json:"id"`
	Options string `json:"options"`
}

// Property is one setting of a field.
type Property struct {
	ID    string `json:"id"`
	Value any    `json:"value"`
}

// Color of a field.
type Color struct {
	Mode       string `json:"mode"`
	FixedColor string `json:"fixedColor,omitempty"`
}

// Thresholds colour values by their size.
type Thresholds struct {
	Mode  string `json:"mode"`
	Steps []Step `json:"steps"`
}

// Step is the colour from a value on; the first has none.
type Step struct {
	Color string   `json:"color"`
	Value *float64 `json:"value"`
}

// Link leads from a value to a page.
type Link struct {
	Title       string `json:"title"`
	URL         string `json:"url"`
	TargetBlank bool   `json:"targetBlank"`
}
