package sample

import "time"

// StoryID names a hidden story.
type StoryID string

// The hidden stories.
const (
	StoryPrice    StoryID = "price"    // a price change flares up, mostly among small plans
	StoryLogin    StoryID = "login"    // nobody can log in; later it works again
	StorySuccess  StoryID = "success"  // a success story spreads by imitation
	StoryStock    StoryID = "stock"    // a channel goes quiet because the one who answered left
	StoryExport   StoryID = "export"   // a request that grows slowly
	StoryOverload StoryID = "overload" // a leader is asked too often and tires
	StorySilent   StoryID = "silent"   // an industry stops writing
	StoryCopy     StoryID = "copy"     // outsiders post copies of one advertisement
	StoryPitch    StoryID = "pitch"    // partners advertise and members mind
	StoryPoints   StoryID = "points"   // a member writes for the points
)

// Story is one hidden story: when it happens, who and what it is about, and the posts that carry it.
type Story struct {
	ID        StoryID
	What      string // one Japanese sentence
	Community string
	From, To  time.Time
	Channel   string // when it is about one channel
	Author    string // raw author id, when it is about one member
	Attribute string // name=value of a segment, when it is about one
	Posts     []string
}

// Truths are the stories and, for each post, what its writer was made to do.
type Truths struct {
	Stories []Story
	// Acts maps a post id to what the post does: question, answer, request, bug, complaint, praise, …
	Acts map[string]string
	// Scripts maps a post id to the script it was drawn from.
	Scripts map[string]string
}

// Story returns the story of the id.
func (t Truths) Story(id StoryID) (Story, bool) {
	for _, s := range t.Stories {
		if s.ID == id {
			return s, true
		}
	}
	return Story{}, false
}

// tell writes down what was hidden.
func (w *world) tell() Truths {
	at := func(week int) time.Time { return w.cal.at(w.week(week), 0, 0) }
	t := Truths{Acts: map[string]string{}, Scripts: map[string]string{}, Stories: []Story{
		{ID: StoryPrice, What: "7週目の料金改定が、主にライトプランの会員のあいだで炎上した。", From: at(7), To: at(9), Attribute: "plan=" + PlanSmall},
		{ID: StoryLogin, What: "5週目にログインできない障害が起き、6週目に直って安堵の声が続いた。", From: at(5), To: at(7), Channel: ChannelBug},
		{ID: StorySuccess, What: "4週目の「集計が3時間から20分」の投稿が、真似した人の報告で広がった。", From: at(4), To: at(11), Author: w.cast.hero.id},
		{ID: StoryStock, What: "在庫・棚卸の部屋は、答えていた一人が8週目からいなくなり静かになった。", From: at(8), To: w.cal.end, Channel: ChannelStock, Author: w.cast.expert.id},
		{ID: StoryExport, What: "CSVの一括書き出しの要望が、目立たないまま毎週増えている。", From: at(1), To: w.cal.end, Channel: ChannelRequest},
		{ID: StoryOverload, What: "一人のリーダーに質問が集まり、返信が深夜になり、言葉が短くなっている。", From: at(3), To: w.cal.end, Author: w.cast.tired.id},
		{ID: StorySilent, What: "物流業の会員が7週目から何も書かなくなった。", From: at(7), To: w.cal.end, Attribute: "industry=物流"},
		{ID: StoryCopy, What: "10週目に、外部の数人がほとんど同じ宣伝文を投稿した。", From: at(10), To: at(11)},
		{ID: StoryPitch, What: "3週目と9週目にパートナーの売り込みがあり、反発を招いた。", From: at(3), To: at(10)},
		{ID: StoryPoints, What: "一人の会員が、短い同じ言葉を続けて書き込みポイントを集めている。", From: at(2), To: w.cal.end, Author: w.cast.hunter.id},
	}}
	index := map[StoryID]*Story{}
	for i := range t.Stories {
		t.Stories[i].Community = Work
		index[t.Stories[i].ID] = &t.Stories[i]
	}
	for _, p := range w.posts {
		t.Acts[p.id], t.Scripts[p.id] = p.act, p.script
		id := StoryID(p.story)
		switch {
		case p.story == "hero":
			id = StorySuccess
		case p.channel == ChannelStock:
			id = StoryStock
		}
		if s := index[id]; s != nil {
			s.Posts = append(s.Posts, p.id)
		}
	}
	return t
}
