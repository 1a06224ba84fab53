package sink

import "github.com/prometheus/client_golang/prometheus"

type metrics struct {
	rows    *prometheus.CounterVec
	errors  *prometheus.CounterVec
	latency *prometheus.HistogramVec
}

func newMetrics(reg prometheus.Registerer) *metrics {
	m := &metrics{
		rows: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "voc_clickhouse_rows_written_total", Help: "Rows that ClickHouse confirmed, also those written again.",
		}, []string{"table"}),
		errors: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "voc_clickhouse_errors_total", Help: "Failed inserts by table and class.",
		}, []string{"table", "class"}),
		latency: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "voc_clickhouse_insert_seconds", Help: "Duration of one attempt of one insert.",
			Buckets: []float64{.002, .005, .01, .02, .05, .1, .2, .5, 1, 2, 5, 10, 20},
		}, []string{"table", "result"}),
	}
	if reg != nil {
		reg.MustRegister(m.rows, m.errors, m.latency)
	}
	return m
}
