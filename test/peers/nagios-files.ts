/** An alert in nagios' log. `service` is null for a host; a flapping alert has the three last fields empty. */
export interface NagiosAlert {
  readonly kind: "state" | "flapping-start" | "flapping-stop";
  readonly host: string;
  readonly service: string | null;
  readonly state: string;
  readonly stateType: string;
  readonly attempt: number;
}

/** What nagios' status file says of a host or service; `fields` are all its lines as they stand. */
export interface NagiosStatus {
  readonly host: string;
  readonly service: string | null;
  readonly fields: Readonly<Record<string, string>>;
}

const ALERT = /^\[\d+\] (HOST|SERVICE) (FLAPPING )?ALERT: (.*)$/gm;

/** The state alerts and flapping alerts of a nagios.log, in order. */
export function parseNagiosLog(text: string): NagiosAlert[] {
  return Array.from(text.matchAll(ALERT), ([, type, flapping, rest = ""]) => {
    const fields = rest.split(";");
    const host = fields.shift() ?? "";
    const service = type === "SERVICE" ? (fields.shift() ?? "") : null;
    const [first = "", stateType = "", attempt = ""] = fields;
    if (!flapping) return { kind: "state", host, service, state: first, stateType, attempt: Number(attempt) };
    const kind = first === "STARTED" ? "flapping-start" : "flapping-stop";
    return { kind, host, service, state: "", stateType: "", attempt: 0 };
  });
}

const STATUS = /^(?:host|service)status \{\n((?:.*\n)*?)\t\}$/gm;

/** The hosts and services of a status.dat. */
export function parseNagiosStatus(text: string): NagiosStatus[] {
  return Array.from(text.matchAll(STATUS), ([, block = ""]) => {
    const fields = Object.fromEntries(
      Array.from(block.matchAll(/^\t([^=\n]+)=(.*)$/gm), ([, name = "", value = ""]) => [name, value]),
    );
    return { host: fields.host_name ?? "", service: fields.service_description ?? null, fields };
  });
}

/** A comment as nagios' status file has it. */
export interface NagiosComment {
  readonly host: string;
  readonly service: string | null;
  /** 1 somebody's, 2 of a downtime, 3 of flapping, 4 of an acknowledgement. */
  readonly entryType: number;
  readonly author: string;
  readonly text: string;
}

const COMMENT = /^(?:host|service)comment \{\n((?:.*\n)*?)\t\}$/gm;

/** The comments of a status.dat. */
export function parseNagiosComments(text: string): NagiosComment[] {
  return Array.from(text.matchAll(COMMENT), ([, block = ""]) => {
    const field = (name: string) => new RegExp(`^\\t${name}=(.*)$`, "m").exec(block)?.[1];
    return {
      host: field("host_name") ?? "",
      service: field("service_description") ?? null,
      entryType: Number(field("entry_type")),
      author: field("author") ?? "",
      text: field("comment_data") ?? "",
    };
  });
}
