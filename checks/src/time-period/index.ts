// Time periods, evaluated: whether an instant is in one, and when that next changes. Pure; agent and control plane share it.
//
// A day has the times of the most precise exception that fits it (Nagios' order: calendar date, month date, day of month, weekday of month,
// weekday; of one kind the first), else those of its weekday. Times that reach past midnight belong to the day they start on. Wall clocks
// decide: 02:30 comes twice in the night in which a zone puts its clocks back, and not at all in the one in which it puts them forward (nagios
// counts hours since midnight, and is an hour off on those two days). Excluded periods are taken out, whatever their zones.
export * from "./create-time-periods.ts";
