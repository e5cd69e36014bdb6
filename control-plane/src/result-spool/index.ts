// The check-result spool: Nagios' `check_result_path`, a directory into which workers and scripts put files of results, each finished by an
// empty `.ok` file. A file is deleted only after its results are committed, and one that comes again after a crash counts once.
export { createResultSpool } from "./create-result-spool.ts";
export { parseResultFile } from "./parse-result-file.ts";
