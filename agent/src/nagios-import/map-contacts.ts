import {
  type CommandCall,
  listOf,
  type NagiosConfiguration,
  type NagiosNamed,
  type NagiosObject,
  numberOf,
  placeOf,
  splitCheckCommand,
  textOf,
} from "@mycloud/checks/nagios-objects";
import { EmailAddress } from "@mycloud/protocol/name";
import type { ImportContext, ImportedResource } from "./context.ts";
import { mapCommand } from "./map-command.ts";
import { clamp, variablesOf } from "./map-common.ts";
import { statesOf, withStale } from "./map-notified-states.ts";

/** Contacts with their ways to be reached, and contact groups. */
export function mapContacts(context: ImportContext): ImportedResource[] {
  const { configuration, resourceNames } = context;
  const groups = configuration.contactGroups.map(
    ({ name, members, object }): ImportedResource => ({
      kind: "ContactGroup",
      name: resourceNames(name, object.place),
      spec: {
        alias: (textOf(object, "alias") ?? "").slice(0, 255),
        contacts: members
          .flatMap((member) => context.contactsOfWays.get(member) ?? [member])
          .map((member) => resourceNames(member, object.place)),
        groups: [],
      },
    }),
  );
  return [...configuration.contacts.map((contact) => mapContact(contact, context)), ...groups];
}

/**
 * Contacts as they are told of things: what the first of Shinken's notification ways says is the contact's, each further way makes another contact
 * of the name and the way's. `contactsOfWays` has those. Pure.
 */
export function splitNotificationWays(configuration: NagiosConfiguration): {
  readonly configuration: NagiosConfiguration;
  readonly contactsOfWays: ReadonlyMap<string, readonly string[]>;
} {
  const ways = new Map(configuration.notificationWays.map(({ name, object }) => [name, object]));
  if (ways.size === 0) return { configuration, contactsOfWays: new Map() };
  const contactsOfWays = new Map<string, readonly string[]>();
  const contacts = configuration.contacts.flatMap(({ name, object }): NagiosNamed[] => {
    const named = listOf(textOf(object, "notificationways")).filter((way) => ways.has(way));
    const [first, ...more] = named.map((way, index) => ({
      name: index === 0 ? name : `${name} ${way}`,
      object: withNotificationWay(object, ways.get(way)),
    }));
    if (first === undefined) return [{ name, object }];
    if (more.length > 0) contactsOfWays.set(name, [first.name, ...more.map((one) => one.name)]);
    return [first, ...more];
  });
  return { configuration: { ...configuration, contacts }, contactsOfWays };
}

function withNotificationWay(contact: NagiosObject, way: NagiosObject | undefined): NagiosObject {
  const values = new Map(contact.values);
  // In Shinken a way goes before what the contact says itself.
  for (const [key, directive] of way?.values ?? []) if (key !== "notificationway_name") values.set(key, directive);
  return { ...contact, values };
}

function mapContact({ name, object }: NagiosNamed, context: ImportContext): ImportedResource {
  const { remarks, resourceNames } = context;
  const emails = listOf(textOf(object, "email"));
  const email = emails.find((address) => EmailAddress.safeParse(address).success) ?? null;
  for (const address of emails.filter((one) => one !== email)) {
    remarks.add(
      placeOf(object, "email"),
      `contact ${name}: email ${address}`,
      "a contact has one address, as user@host; make it a contact of its own",
    );
  }
  const ofHosts = textOf(object, "host_notification_period");
  const ofServices = textOf(object, "service_notification_period");
  if (ofHosts !== undefined && ofServices !== undefined && ofHosts !== ofServices) {
    remarks.add(
      placeOf(object, "host_notification_period"),
      `contact ${name}: host_notification_period ${ofHosts}`,
      `a contact has one period here; ${ofServices} holds for hosts too`,
    );
  }
  remarkHalfDisabled(name, object, context);
  const period = ofServices ?? ofHosts;
  const variables = variablesOf(object, `contact ${name}`, context);
  for (let number = 1; number <= 6; number++) {
    const address = textOf(object, `address${number}`);
    if (address !== undefined) variables[`ADDRESS${number}`] = address.slice(0, 4096);
  }
  return {
    kind: "Contact",
    name: resourceNames(name, object.place),
    spec: {
      alias: aliasOf(name, object),
      email,
      isEnabled: ["host_notifications_enabled", "service_notifications_enabled"].some(
        (key) => textOf(object, key) !== "0",
      ),
      period: period === undefined ? null : resourceNames(period, object.place),
      states: statesWanted(name, object, context),
      minimumBusinessImpact: clamp(numberOf(object, "min_business_impact", 0), 0, 5),
      pager: (textOf(object, "pager") ?? "").slice(0, 255),
      variables,
      channels: channelsOf(name, object, email, context),
    },
  };
}

/** What people call it; empty where that is the name. */
function aliasOf(name: string, object: NagiosObject): string {
  const alias = textOf(object, "alias") ?? name;
  return alias === name ? "" : alias.slice(0, 255);
}

/** Says that a contact who is told of hosts only, or of services only, is told of both here. */
function remarkHalfDisabled(name: string, object: NagiosObject, { remarks }: ImportContext): void {
  const keys = ["host_notifications_enabled", "service_notifications_enabled"] as const;
  const off = keys.filter((key) => textOf(object, key) === "0");
  const [only] = off;
  if (only === undefined || off.length === keys.length) return;
  const wanted = only.startsWith("host") ? "services" : "hosts";
  remarks.add(
    placeOf(object, only),
    `contact ${name}: ${only} 0`,
    `is told of both here; name the states of ${wanted} in its own \`states\``,
  );
}

/** What a contact wants to hear of; null when that is everything. */
function statesWanted(name: string, object: NagiosObject, { remarks }: ImportContext): string[] | null {
  const ofHosts = statesOf(textOf(object, "host_notification_options"), "host");
  const ofServices = statesOf(textOf(object, "service_notification_options"), "service");
  for (const state of ["RECOVERY", "FLAPPING", "DOWNTIME"]) {
    if (ofHosts.includes(state) === ofServices.includes(state) || ofHosts.length === 0 || ofServices.length === 0)
      continue;
    remarks.add(
      placeOf(object, "host_notification_options"),
      `contact ${name}: ${state} of ${ofHosts.includes(state) ? "hosts" : "services"} only`,
      "is told of both here, where the rules tell of it",
    );
  }
  const wanted = new Set([...ofHosts, ...ofServices]);
  return wanted.size === everyState ? null : withStale([...wanted]);
}

/** WARNING, UNKNOWN, CRITICAL, DOWN, UNREACHABLE, RECOVERY, FLAPPING and DOWNTIME. */
const everyState = 8;

/** Commands that mail become the mail we send ourselves; others programs in the control plane's directory of notification commands. */
function channelsOf(name: string, object: NagiosObject, email: string | null, context: ImportContext): object[] {
  const channels = new Map<string, object>();
  for (const key of ["service_notification_commands", "host_notification_commands"]) {
    for (const text of listOf(textOf(object, key))) {
      const channel = channelOf(text, name, object, key, email, context);
      if (channel !== null) channels.set(JSON.stringify(channel), channel);
    }
  }
  return [...channels.values()].slice(0, 20);
}

function channelOf(
  text: string,
  name: string,
  object: NagiosObject,
  key: string,
  email: string | null,
  context: ImportContext,
): object | null {
  const { commands, remarks } = context;
  const place = placeOf(object, key);
  const call: CommandCall = splitCheckCommand(text);
  const command = commands.get(call.name);
  const line = command === undefined ? "" : (textOf(command, "command_line") ?? "");
  if (/\$CONTACTEMAIL\$/.test(line) && /mail/.test(`${call.name} ${line}`)) {
    if (email === null) remarks.add(place, `contact ${name}: ${text}`, "mails, and the contact has no address");
    return email === null ? null : { type: "email" };
  }
  const owner = { hostName: "", host: undefined, service: null, contact: object };
  const mapped = mapCommand(text, place, `contact ${name}`, owner, context, { keepsOthers: true });
  if (mapped.kind === "none") return null;
  const [path = "", ...more] = mapped.words;
  const program = path.replace(/^.*\//, "");
  // How an export writes a contact that Nagios has no command for.
  if (program === "true") return null;
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(program) || more.length > 50) {
    remarks.add(place, `contact ${name}: ${text}`, `${path} is no name of a notification command`);
    return null;
  }
  remarks.add(
    place,
    `contact ${name}: ${text}`,
    `runs ${path}; put it into the control plane's directory of notification commands as ${program}`,
  );
  return { type: "command", program, arguments: more };
}
