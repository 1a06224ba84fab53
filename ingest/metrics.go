package ingest

import "github.com/prometheus/client_golang/prometheus"

type metrics struct {
	records   *prometheus.CounterVec
	flushes   *prometheus.CounterVec
	size      prometheus.Histogram
	flush     prometheus.Histogram
	freshness *prometheus.HistogramVec
	analysis  prometheus.Histogram
	panics    prometheus.Counter
	erased    *prometheus.CounterVec
	rollup    prometheus.Histogram
	windows   prometheus.Counter
	rollupErr prometheus.Counter
}

func newMetrics(reg prometheus.Registerer) *metrics {
	m := &metrics{
		records: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "voc_records_total", Help: "Records dealt with and committed, by outcome; records read again after a crash count again.",
		}, []string{"topic", "outcome"}),
		flushes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "voc_batches_total", Help: "Batches written, by what made them due.",
		}, []string{"reason"}),
		size: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "voc_batch_records", Help: "Records of a batch.", Buckets: prometheus.ExponentialBuckets(1, 4, 10),
		}),
		flush: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "voc_batch_write_seconds", Help: "Time from the decision to write a batch to its committed offset.",
			Buckets: []float64{.005, .01, .02, .05, .1, .2, .5, 1, 2, 5, 10, 30, 60},
		}),
		freshness: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "voc_freshness_seconds", Help: "Time from a record's Kafka timestamp until its row could be read.",
			Buckets: []float64{.05, .1, .2, .5, 1, 2, 5, 10, 30, 60, 300, 900, 3600, 86400},
		}, []string{"topic"}),
		analysis: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "voc_analysis_seconds", Help: "Time to mask and analyse one post.",
			Buckets: []float64{.00002, .00005, .0001, .0002, .0005, .001, .002, .005, .01, .05, .2, 1},
		}),
		panics: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "voc_panics_total", Help: "Messages on which the decoder or the analyzer crashed; each is a dead letter.",
		}),
		erased: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "voc_erased_records_total", Help: "Records left out because their post or person was erased.",
		}, []string{"topic"}),
		rollup: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "voc_rollup_seconds", Help: "Duration of one rebuild of the changed windows.",
			Buckets: []float64{.01, .02, .05, .1, .2, .5, 1, 2, 5, 10, 60},
		}),
		windows: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "voc_rollup_windows_total", Help: "Windows rebuilt.",
		}),
		rollupErr: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "voc_rollup_errors_total", Help: "Rebuilds that failed; the windows stay dirty and are tried again.",
		}),
	}
	if reg != nil {
		reg.MustRegister(m.records, m.flushes, m.size, m.flush, m.freshness, m.analysis, m.panics, m.erased, m.rollup, m.windows, m.rollupErr)
	}
	return m
}
