package superset

import "fmt"

// dashboard lays the charts out in rows of 12 columns and gives it its filters.
func dashboard(list []chart) object {
	position := object{pair("DASHBOARD_VERSION_KEY", "v2")}
	var rows []string
	var rowItems []object
	var row []string
	used := 0
	flush := func() {
		if len(row) == 0 {
			return
		}
		key := fmt.Sprintf("ROW-%d", len(rows)+1)
		rowItems = append(rowItems, object{
			pair("type", "ROW"), pair("id", key), pair("children", row), pair("parents", []string{"ROOT_ID", "GRID_ID"}), pair("meta", object{pair("background", "BACKGROUND_TRANSPARENT")}),
		})
		rows = append(rows, key)
		row, used = nil, 0
	}
	var chartItems []object
	for i, c := range list {
		if used+c.w > 12 {
			flush()
		}
		key := "CHART-" + c.name
		row = append(row, key)
		used += c.w
		chartItems = append(chartItems, object{
			pair("type", "CHART"), pair("id", key), pair("children", []string{}), pair("parents", []string{"ROOT_ID", "GRID_ID", fmt.Sprintf("ROW-%d", len(rows)+1)}),
			pair("meta", object{pair("chartId", i+1), pair("uuid", id("chart", c.name)), pair("sliceName", c.title), pair("width", c.w), pair("height", c.h*8)}),
		})
	}
	flush()
	position = append(position,
		pair("ROOT_ID", object{pair("type", "ROOT"), pair("id", "ROOT_ID"), pair("children", []string{"GRID_ID"})}),
		pair("GRID_ID", object{pair("type", "GRID"), pair("id", "GRID_ID"), pair("children", rows), pair("parents", []string{"ROOT_ID"})}),
		pair("HEADER_ID", object{pair("type", "HEADER"), pair("id", "HEADER_ID"), pair("meta", object{pair("text", "VOC 概要")})}))
	for _, items := range [][]object{rowItems, chartItems} {
		for _, item := range items {
			position = append(position, pair(item[1].Value.(string), item))
		}
	}
	everywhere := object{pair("rootPath", []string{"ROOT_ID"}), pair("excluded", []int{})}
	filter := func(key, name, kind string, targets []object, control, mask object) object {
		return object{
			pair("id", "NATIVE_FILTER-"+key), pair("name", name), pair("filterType", kind), pair("type", "NATIVE_FILTER"), pair("targets", targets), pair("controlValues", control),
			pair("defaultDataMask", mask), pair("cascadeParentIds", []string{}), pair("scope", everywhere), pair("description", ""),
		}
	}
	filters := []object{
		filter("community", "コミュニティ", "filter_select", []object{{pair("column", object{pair("name", "community")}), pair("datasetUuid", id("dataset", "community_daily"))}},
			object{pair("multiSelect", false), pair("enableEmptyFilter", true), pair("defaultToFirstItem", true), pair("inverseSelection", false), pair("searchAllOptions", false), pair("sortAscending", true)},
			object{pair("extraFormData", object{}), pair("filterState", object{})}),
		filter("period", "期間", "filter_time", []object{{}}, object{pair("enableEmptyFilter", false)},
			object{pair("extraFormData", object{pair("time_range", period)}), pair("filterState", object{pair("value", period)})}),
	}
	colors := object{}
	for _, c := range [][2]string{
		{"positive", "#12806a"}, {"mixed", "#a97600"}, {"neutral", "#a8b4be"}, {"negative", "#c2410c"},
		{"肯定的な投稿数", "#12806a"}, {"賛否の混ざる投稿数", "#a97600"}, {"中立の投稿数", "#a8b4be"}, {"否定的な投稿数", "#c2410c"}, {"解決", "#12806a"}, {"返信だけ", "#a97600"}, {"返信なし", "#c2410c"},
	} {
		colors = append(colors, pair(c[0], c[1]))
	}
	return object{
		pair("dashboard_title", "VOC 概要"), pair("description", "コミュニティの声の全体像。数字は週次レポート・vocの画面・Grafanaと同じ定義。"), pair("css", ""), pair("slug", Slug), pair("uuid", id("dashboard", "voc")),
		pair("position", position),
		pair("metadata", object{
			pair("native_filter_configuration", filters), pair("label_colors", colors), pair("color_scheme", "supersetColors"), pair("refresh_frequency", 300), pair("cross_filters_enabled", true),
			pair("timed_refresh_immune_slices", []int{}), pair("expanded_slices", object{}),
		}),
		pair("published", true), pair("version", version),
	}
}
