const states = { HOSTS: ["UP", "DOWN", "UNREACHABLE"], SERVICES: ["OK", "WARNING", "UNKNOWN", "CRITICAL"] };
const ofBoth = [
  "ATTEMPT STATE STATEID STATETYPE OUTPUT PERFDATA DURATION DURATIONSEC DOWNTIME PERCENTCHANGE LATENCY EXECUTIONTIME",
  "CHECKCOMMAND CHECKTYPE DISPLAYNAME ACTIONURL NOTESURL NOTES INFOURL NOTIFICATIONENABLED NOTIFICATIONNUMBER",
  "NOTIFICATIONID NOTIFICATIONPERIOD EVENTID PROBLEMID IMPORTANCE PERFDATAFILE ACKAUTHOR ACKAUTHORNAME ACKAUTHORALIAS",
  "ACKCOMMENT GROUPNAME GROUPNAMES GROUPALIAS GROUPNOTES GROUPNOTESURL GROUPACTIONURL GROUPMEMBERS",
].flatMap((line) => line.split(" "));
const ofBothLast = ["CHECK", "STATECHANGE", "STATE", "STATEID", "EVENTID", "PROBLEMID"];

/**
 * Every name that nagios4 exports with enable_environment_macros=1, custom variables aside. A script that runs with `set -u` finds all of them; what has no
 * meaning here (the files and the periods of nagios' own) is empty.
 */
export const macroNames: readonly string[] = [
  ...["HOST", "SERVICE"].flatMap((kind) => [
    ...ofBoth.map((name) => `${kind}${name}`),
    ...ofBothLast.map((name) => `LAST${kind}${name}`),
    ...[`LONG${kind}OUTPUT`, `MAX${kind}ATTEMPTS`],
  ]),
  ...["HOSTNAME", "HOSTALIAS", "HOSTADDRESS", "HOSTGROUPMEMBERADDRESSES", "HOSTANDSERVICESIMPORTANCE"],
  ...["SERVICEDESC", "SERVICEISVOLATILE"],
  ...states.HOSTS.flatMap((state) => [`LASTHOST${state}`, `TOTALHOSTS${state}`]),
  ...states.SERVICES.flatMap((state) => [`LASTSERVICE${state}`, `TOTALSERVICES${state}`, `TOTALHOSTSERVICES${state}`]),
  ...["DOWN", "UNREACHABLE"].map((state) => `TOTALHOSTS${state}UNHANDLED`),
  ...["WARNING", "UNKNOWN", "CRITICAL"].map((state) => `TOTALSERVICES${state}UNHANDLED`),
  ...["HOST", "SERVICE"].flatMap((kind) => [`TOTAL${kind}PROBLEMS`, `TOTAL${kind}PROBLEMSUNHANDLED`]),
  "TOTALHOSTSERVICES",
  ...["NAME", "ALIAS", "EMAIL", "PAGER", "GROUPNAME", "GROUPNAMES", "GROUPALIAS", "GROUPMEMBERS"].map(
    (name) => `CONTACT${name}`,
  ),
  ...Array.from({ length: 6 }, (_, index) => `CONTACTADDRESS${index + 1}`),
  ...["TYPE", "NUMBER", "ISESCALATED", "RECIPIENTS", "AUTHOR", "AUTHORNAME", "AUTHORALIAS", "COMMENT"].map(
    (name) => `NOTIFICATION${name}`,
  ),
  ...["LONGDATETIME", "SHORTDATETIME", "DATE", "TIME", "TIMET", "PROCESSSTARTTIME", "EVENTSTARTTIME"],
  ...["ISVALIDTIME", "NEXTVALIDTIME", "ADMINEMAIL", "ADMINPAGER"],
  ...["MAINCONFIGFILE", "STATUSDATAFILE", "RETENTIONDATAFILE", "OBJECTCACHEFILE", "RESOURCEFILE", "COMMANDFILE"],
  ...["LOGFILE", "TEMPFILE", "TEMPPATH"],
  ...Array.from({ length: 32 }, (_, index) => `ARG${index + 1}`),
];
