// What Thruk asks, and what a Nagios of the same objects and results would answer. The queries are those that Thruk's own Perl library (3.x) sent for
// each of its 33 calls that read. No broker for nagios4 is packaged, so the values come from where a broker reads them: nagios4's status file, its
// object cache and its log, under the names that Livestatus has for the members of Nagios' structures (src/Table*.cc of naemon-livestatus).
export * from "./nagios-tables.ts";
export * from "./reference-answer.ts";
export * from "./thruk-queries.ts";
