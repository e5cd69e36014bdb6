import { define, WEEKDAYS } from "../nagios-config.ts";

/** A host or service of the day with what differs between them. */
export interface DayObject {
  readonly host: string;
  readonly service: string | null;
  readonly parents: readonly string[];
  readonly directives: Readonly<Record<string, string | number>>;
}

const everyDay = (hours: string) => Object.fromEntries(WEEKDAYS.map((day) => [day, hours]));

/** People with different wishes; each message they get is a line of the file `told`. */
const contacts = [
  { name: "anna", host: "d,u,r,f,s", service: "w,u,c,r,f,s", period: "any" },
  { name: "bob", host: "d,r", service: "c,r", period: "work" },
  { name: "carla", host: "d,u,r", service: "w,u,c,r", period: "any" },
  { name: "dora", host: "d,r", service: "c,u", period: "any" },
];

/** Everything around the objects: periods, contacts, a command that writes who was told of what. */
const surroundings = [
  define("timeperiod", { timeperiod_name: "any", alias: "any", ...everyDay("00:00-24:00") }),
  define("timeperiod", { timeperiod_name: "work", alias: "work", ...everyDay("08:00-18:00") }),
  define("command", {
    command_name: "notify-by-mail",
    // $CONTACTEMAIL$ makes an import take it for mail.
    command_line: `/bin/echo "${["NOTIFICATIONTYPE", "HOSTNAME", "SERVICEDESC", "CONTACTNAME", "NOTIFICATIONNUMBER", "TIMET"].map((name) => `$${name}$`).join(",")},$SERVICESTATE$,$HOSTSTATE$,$CONTACTEMAIL$" >> DIRECTORY/told`,
  }),
  ...contacts.map(({ name, host, service, period }) =>
    define("contact", {
      contact_name: name,
      email: `${name}@example.org`,
      host_notification_period: period,
      service_notification_period: period,
      host_notification_options: host,
      service_notification_options: service,
      host_notification_commands: "notify-by-mail",
      service_notification_commands: "notify-by-mail",
    }),
  ),
].join("");

/** Hosts behind each other with services, all passive, chosen by `random`. */
export function chooseObjects(random: () => number, hostCount: number, servicesPerHost: number): DayObject[] {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const shared = () => {
    const lowPercent = 5 + Math.floor(random() * 15);
    return {
      max_check_attempts: pick([1, 1, 2, 3]),
      notification_interval: pick([0, 0, 5, 20]),
      notification_period: pick(["any", "any", "any", "work"]),
      flap_detection_enabled: random() < 0.6 ? 1 : 0,
      low_flap_threshold: lowPercent,
      high_flap_threshold: lowPercent + 10 + Math.floor(random() * 15),
      contacts: pick(["anna", "anna,bob", "bob"]),
    };
  };
  return Array.from({ length: hostCount }, (_, index): DayObject[] => {
    const host = `host${index}`;
    const parents = index === 0 ? [] : pick([[], ["host0"], [`host${index - 1}`]]);
    const services = Array.from(
      { length: servicesPerHost },
      (_, at): DayObject => ({
        host,
        service: `s${at}`,
        parents: [],
        directives: { ...shared(), notification_options: pick(["w,u,c,r,f,s", "c,r", "w,c,r,f", "u,c,r,f,s"]) },
      }),
    );
    // How much a host flaps depends in nagios on how many services it has: it counts the host's state at each of their results.
    const options = pick(["d,u,r,f,s", "d,r,f,s", "d,r"]);
    const directives = { ...shared(), flap_detection_enabled: 0, notification_options: options };
    return [{ host, service: null, parents, directives }, ...services];
  }).flat();
}

/** The text of an object file, with escalations for every third object; `DIRECTORY` stands for where it is. */
export function describeDay(objects: readonly DayObject[]): string {
  const passive = {
    check_command: "never-run",
    check_period: "any",
    active_checks_enabled: 0,
    passive_checks_enabled: 1,
    check_interval: 100_000,
    retry_interval: 100_000,
  };
  const defined = objects.map(({ host, service, parents, directives }) =>
    service === null
      ? define("host", {
          host_name: host,
          address: "192.0.2.1",
          ...(parents.length > 0 ? { parents: parents.join(",") } : {}),
          ...passive,
          ...directives,
        })
      : define("service", { host_name: host, service_description: service, ...passive, ...directives }),
  );
  const escalations = objects.flatMap(({ host, service }, index) => {
    if (index % 3 !== 1) return [];
    const kind = service === null ? "hostescalation" : "serviceescalation";
    const of = { host_name: host, ...(service === null ? {} : { service_description: service }) };
    return [
      define(kind, { ...of, first_notification: 2, last_notification: 4, notification_interval: 3, contacts: "carla" }),
      define(kind, {
        ...of,
        first_notification: 4,
        last_notification: 0,
        notification_interval: 10,
        contacts: "anna,dora",
      }),
    ];
  });
  return [surroundings, ...defined, ...escalations].join("");
}
