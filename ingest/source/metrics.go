package source

import (
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
)

type metrics struct {
	records    *prometheus.CounterVec
	lost       *prometheus.CounterVec
	errors     *prometheus.CounterVec
	lag        *prometheus.GaugeVec
	committed  *prometheus.GaugeVec
	rebalances prometheus.Counter
	assigned   prometheus.Gauge
}

func newMetrics(reg prometheus.Registerer) *metrics {
	m := &metrics{
		records: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "voc_kafka_records_read_total", Help: "Records read from Kafka, also those read again after a rebalance.",
		}, []string{"topic"}),
		lost: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "voc_kafka_offsets_lost_total", Help: "Offsets that retention deleted before they were read.",
		}, []string{"topic"}),
		errors: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "voc_kafka_errors_total", Help: "Failed calls to Kafka by operation and class.",
		}, []string{"operation", "class"}),
		lag: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "voc_kafka_lag_records", Help: "Offsets between the reading position and the end of the partition.",
		}, []string{"topic", "partition"}),
		committed: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "voc_kafka_committed_offset", Help: "Offset last committed by this process.",
		}, []string{"topic", "partition"}),
		rebalances: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "voc_kafka_generations_total", Help: "Generations of the consumer group that this process took part in.",
		}),
		assigned: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "voc_kafka_assigned_partitions", Help: "Partitions that this process reads now.",
		}),
	}
	if reg != nil {
		reg.MustRegister(m.records, m.lost, m.errors, m.lag, m.committed, m.rebalances, m.assigned)
	}
	return m
}

func (p *Partition) labels() []string { return []string{p.Topic, strconv.Itoa(p.ID)} }
