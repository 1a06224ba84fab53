package schema_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"voc/schema"
	"voc/schema/chtest"
)

func TestMain(m *testing.M) { chtest.Main(m) }

func rowTypes() []schema.Row {
	return []schema.Row{
		&schema.PostRow{}, &schema.RegistryRow{}, &schema.Window{}, &schema.ActivityRow{}, &schema.AccountRow{},
		&schema.SurveyRow{}, &schema.OutcomeRow{}, &schema.DeadLetterRow{},
		&schema.TagHistoryRow{}, &schema.ErasureRow{}, &schema.ErasureFactRow{}, &schema.ReplayRow{}, &schema.DuplicatesRow{},
		&schema.DecisionRow{}, &schema.ActionRow{},
	}
}

// snake turns a field name into the column name: PostID becomes post_id.
func snake(name string) string {
	var b strings.Builder
	runes := []rune(name)
	for i, r := range runes {
		if unicode.IsUpper(r) && i > 0 && (!unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// fill gives every field of a struct a value of its own, so that two mixed-up columns show.
func fill(v reflect.Value, seed *int, columns *[]string, prefix string) {
	for i := range v.NumField() {
		field, name := v.Field(i), prefix+snake(v.Type().Field(i).Name)
		*seed++
		switch value := field.Addr().Interface().(type) {
		case *time.Time:
			*value = time.Date(2026, 1, 1+*seed, 0, 0, 0, 0, time.UTC)
		case *map[string]uint64:
			*value = map[string]uint64{"a": uint64(*seed)}
		case *map[string]string:
			*value = map[string]string{"a": fmt.Sprint(*seed)}
		case *[]string:
			switch name {
			case "evidence.kind":
				*value = schema.EvidenceKinds()[1:3]
			case "evidence.field":
				*value = schema.EvidenceFields()
			default:
				*value = []string{fmt.Sprint(*seed), "二つ目"}
			}
		case *[]float32:
			*value = []float32{float32(*seed), 0.5}
		case *[]time.Time:
			*value = []time.Time{time.Date(2026, 2, 1+*seed, 0, 0, 0, 0, time.UTC), time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)}
		case *[]uint64:
			*value = []uint64{uint64(*seed), 7}
		case *[]uint32:
			*value = []uint32{uint32(*seed), 5}
		default:
			switch field.Kind() {
			case reflect.Struct:
				fill(field, seed, columns, name+".")
				continue
			case reflect.String:
				field.SetString("v" + fmt.Sprint(*seed))
			case reflect.Bool:
				field.SetBool(true)
			case reflect.Float32:
				field.SetFloat(float64(*seed))
			case reflect.Int64:
				field.SetInt(int64(-*seed))
			case reflect.Uint64, reflect.Uint32, reflect.Uint16:
				field.SetUint(uint64(*seed))
			default:
				panic("no value for " + name)
			}
		}
		*columns = append(*columns, name)
	}
}

// Every row type writes exactly its fields, in columns of their names, and reads back what it wrote.
func TestRowsMatchTheTables(t *testing.T) {
	db := chtest.Open(t)
	for _, row := range rowTypes() {
		t.Run(row.Table(), func(t *testing.T) {
			var columns []string
			seed := 0
			fill(reflect.ValueOf(row).Elem(), &seed, &columns, "")
			if !slices.Equal(row.Columns(), columns) {
				t.Fatalf("columns are %v, the fields are %v", row.Columns(), columns)
			}
			db.Insert(t, row)
			quoted := make([]string, len(columns))
			targets := make([]any, len(columns))
			for i, c := range columns {
				quoted[i] = "`" + c + "`"
				kind := reflect.TypeOf(row.Values()[i])
				if c == "deleted" || c == "repaired" {
					quoted[i] = "CAST(" + c + " AS Bool)"
				}
				targets[i] = reflect.New(kind).Interface()
			}
			if err := db.Conn.QueryRow(t.Context(), "SELECT "+strings.Join(quoted, ", ")+" FROM "+row.Table()).Scan(targets...); err != nil {
				t.Fatal(err)
			}
			for i, want := range row.Values() {
				got := reflect.ValueOf(targets[i]).Elem().Interface()
				if w, ok := want.(time.Time); ok {
					if !w.Equal(got.(time.Time)) {
						t.Errorf("%s is %v, want %v", columns[i], got, want)
					}
				} else if !reflect.DeepEqual(got, want) {
					t.Errorf("%s is %v, want %v", columns[i], got, want)
				}
			}
		})
	}
}

func TestTablesAndViewsAreListed(t *testing.T) {
	db := chtest.Open(t)
	for what, want := range map[string][]string{"= 'View'": schema.Views(), "!= 'View' AND name != 'schema_migrations'": schema.Tables()} {
		var want2 []string
		for _, name := range want {
			want2 = append(want2, fmt.Sprintf("('%s')", name))
		}
		slices.Sort(want2)
		if got := db.Query(t, "SELECT name FROM system.tables WHERE database = ? AND engine "+what+" ORDER BY name", db.Database); !slices.Equal(got, want2) {
			t.Errorf("the database has %v, the list is %v", got, want2)
		}
	}
}

func TestEverythingHasAComment(t *testing.T) {
	db := chtest.Open(t)
	for _, l := range db.Query(t, "SELECT name FROM system.tables WHERE database = ? AND comment = ''", db.Database) {
		t.Errorf("%s has no comment", l)
	}
	for _, l := range db.Query(t, "SELECT table, name FROM system.columns WHERE database = ? AND comment = ''", db.Database) {
		t.Errorf("%s has no comment", l)
	}
	if n := len(db.Query(t, "SELECT name FROM system.columns WHERE database = ?", db.Database)); n < 300 {
		t.Errorf("only %d columns were checked", n)
	}
}

// Every view can be queried, empty and full.
func TestViewsCanBeRead(t *testing.T) {
	db := chtest.Open(t)
	for _, view := range schema.Views() {
		if n := len(db.Query(t, "SELECT * FROM "+view)); view != "metrics" && n != 0 {
			t.Errorf("%s has %d rows in an empty database", view, n)
		}
	}
}
