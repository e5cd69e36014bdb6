// Livestatus: the query language that NagVis, Thruk, Checkmk and many scripts speak, over TCP and a socket file.
//
// A connection's bytes become requests (request/), a request's filters become functions (filter/), which are tried on the rows of a table (table/)
// whose columns are typed readers (column/) of the status view; what is found is written as the format asked for (format/). The log is read from
// the database (log/). Expressions from the network are matched in linear time (regex/). `AuthUser:` narrows what is seen (viewer/). COMMAND
// goes to external-command/ on behalf of one configured user, or nowhere.
export { createLivestatus } from "./create-livestatus.ts";
