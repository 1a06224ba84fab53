package config

import (
	"net/mail"
	"net/url"
	"slices"
	"time"

	"voc/dashboards/delivery"
	"voc/dashboards/report"
)

// Report is the weekly report and where it goes. A target that has its setting is delivered to.
type Report struct {
	Purpose     string        `yaml:"purpose" doc:"What the community and its report are for, one sentence at the top."`
	BaseURL     string        `yaml:"base_url" doc:"Address of the web pages for links in reports and alerts; empty = serve.public_url."`
	Communities []string      `yaml:"communities" doc:"Communities that get a report; empty = all with posts in the eight weeks before."`
	Schedule    string        `yaml:"schedule" doc:"When voc report schedule delivers the last week that has ended: five cron fields in the calendar's zone."`
	CatchUp     int           `yaml:"catch_up_weeks" doc:"Missed weeks that are delivered late after a standstill."`
	Ledger      string        `yaml:"ledger_file" doc:"File that remembers what was delivered, so that nothing comes twice."`
	File        ReportFile    `yaml:"file" doc:"Reports as files."`
	Mail        ReportMail    `yaml:"mail" doc:"Reports and alerts by mail."`
	Webhook     ReportWebhook `yaml:"webhook" doc:"Reports and alerts to a Slack-compatible incoming webhook."`
}

// Alerts rules the watch for sudden changes.
type Alerts struct {
	Interval time.Duration `yaml:"interval" doc:"How often voc alerts --watch judges the present."`
	Holidays []string      `yaml:"holidays" doc:"Days such as 2026-11-23 on which as much is usual as on a Sunday."`
	Ledger   string        `yaml:"ledger_file" doc:"File that remembers what was found and delivered."`
}

func (a Alerts) validate(f *faults) {
	f.add(a.Interval >= time.Second && a.Interval <= time.Hour, "alerts.interval", "is %s; give 1s to 1h", a.Interval)
	f.add(a.Ledger != "", "alerts.ledger_file", "is empty; name a file")
	for _, h := range a.Holidays {
		_, err := time.Parse(time.DateOnly, h)
		f.add(err == nil, "alerts.holidays", "holds %q; give days such as 2026-11-23", h)
	}
}

// ReportFile writes reports into a folder.
type ReportFile struct {
	Dir     string   `yaml:"dir" doc:"Folder; empty = no files."`
	Name    string   `yaml:"name" doc:"Names of the files, with {community}, {week} and {format}; / makes folders."`
	Formats []string `yaml:"formats" doc:"html, md, json, xlsx."`
}

// ReportMail sends mails, one to each recipient.
type ReportMail struct {
	Host         string   `yaml:"host" doc:"Mail server; empty = no mail."`
	Port         int      `yaml:"port" doc:"Port: 587 with starttls, 465 with tls."`
	TLS          string   `yaml:"tls" doc:"starttls (required of the server), tls, or none."`
	CAFile       string   `yaml:"ca_file" doc:"PEM file of the certificate authorities to trust; empty = those of the system."`
	Username     string   `yaml:"username" doc:"User name; empty = no login."`
	Password     Secret   `yaml:"password" doc:"Password; better given by VOC_REPORT_MAIL_PASSWORD or password_file."`
	PasswordFile string   `yaml:"password_file" doc:"File whose first line is the password."`
	From         string   `yaml:"from" doc:"Sender, such as VOC <voc@example.jp>."`
	To           []string `yaml:"to" doc:"Recipients."`
	Attach       []string `yaml:"attach" doc:"Formats of the report that are attached: html, md, json, xlsx."`
}

// ReportWebhook posts to a webhook.
type ReportWebhook struct {
	URL     Secret `yaml:"url" doc:"Address; who has it can post, so better give it by VOC_REPORT_WEBHOOK_URL or url_file."`
	URLFile string `yaml:"url_file" doc:"File whose first line is the address."`
}

func defaultReport() Report {
	return Report{
		Communities: []string{}, Schedule: "0 8 * * 1", CatchUp: 2, Ledger: "voc-deliveries.jsonl",
		File: ReportFile{Name: delivery.DefaultName, Formats: []string{"html", "xlsx"}},
		Mail: ReportMail{Port: 587, TLS: string(delivery.StartTLS), To: []string{}, Attach: []string{"html", "xlsx"}},
	}
}

func (r Report) validate(f *faults) {
	if r.BaseURL != "" {
		u, err := url.Parse(r.BaseURL)
		f.add(err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http"), "report.base_url", "is %q; give an address such as https://voc.example.jp", r.BaseURL)
	}
	_, err := delivery.ParseSchedule(r.Schedule, nil)
	if err != nil {
		f.add(false, "report.schedule", "%s", err)
	}
	f.add(r.CatchUp >= 1 && r.CatchUp <= 52, "report.catch_up_weeks", "is %d; give 1 to 52", r.CatchUp)
	f.add(r.Ledger != "", "report.ledger_file", "is empty; name a file")
	if err := delivery.CheckName(r.File.Name); err != nil {
		f.add(false, "report.file.name", "%s", err)
	}
	formats(f, "report.file.formats", r.File.Formats, 1)
	formats(f, "report.mail.attach", r.Mail.Attach, 0)
	m := r.Mail
	f.add(slices.Contains([]string{"starttls", "tls", "none"}, m.TLS), "report.mail.tls", "is %q; give starttls, tls or none", m.TLS)
	f.add(m.Port >= 1 && m.Port <= 65535, "report.mail.port", "is %d; give 1 to 65535", m.Port)
	if m.Host != "" {
		_, err := mail.ParseAddress(m.From)
		f.add(err == nil, "report.mail.from", "is %q; give an address such as VOC <voc@example.jp>", m.From)
		f.add(len(m.To) > 0, "report.mail.to", "is empty; give at least one recipient")
		for _, to := range m.To {
			_, err := mail.ParseAddress(to)
			f.add(err == nil, "report.mail.to", "holds %q; give a mail address", to)
		}
		f.add(m.TLS != "none" || m.Username == "", "report.mail.tls", "is none, which would show the password of report.mail.username to the network; give starttls or tls")
	}
	f.add(m.Username == "" || m.Password != "" || m.PasswordFile != "", "report.mail.password", "is empty; give it by VOC_REPORT_MAIL_PASSWORD or report.mail.password_file")
	f.add(m.Password == "" || m.PasswordFile == "", "report.mail.password_file", "and report.mail.password are both set; give one of them")
	f.add(m.Password != redacted, "report.mail.password", "is the placeholder of a redacted dump; give the real one")
	w := r.Webhook
	f.add(w.URL == "" || w.URLFile == "", "report.webhook.url_file", "and report.webhook.url are both set; give one of them")
	f.add(w.URL != redacted, "report.webhook.url", "is the placeholder of a redacted dump; give the real one")
	if w.URL != "" && w.URL != redacted {
		u, err := url.Parse(string(w.URL))
		f.add(err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http"), "report.webhook.url", "is no http or https address")
	}
}

func formats(f *faults, key string, list []string, least int) {
	f.add(len(list) >= least, key, "is empty; give at least one of html, md, json, xlsx")
	for _, s := range list {
		f.add(slices.Contains(report.Formats(), report.Format(s)), key, "holds %q; give html, md, json or xlsx", s)
	}
}
