package schema

// StampSQL is the SQL expression for a row of day_windows whose sum over the days of a week is the week's stamp: what stands
// ready for the week is read while its days have this stamp, and counted afresh otherwise. The number at the end is raised
// when more is to stand ready, so that every week is counted again.
const StampSQL = "cityHash64(day, calc, marks, 3)"
