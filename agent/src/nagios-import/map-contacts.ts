import {
  type CommandCall,
  listOf,
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

/** Contacts with their ways to be reached, and contact groups. */
export function mapContacts(context: ImportContext): ImportedResource[] {
  const { configuration, resourceNames } = context;
  const groups = configuration.contactGroups.map(
    ({ name, members, object }): ImportedResource => ({
      kind: "ContactGroup",
      name: resourceNames(name, object.place),
      spec: {
        alias: (textOf(object, "alias") ?? "").slice(0, 255),
        contacts: members.map((member) => resourceNames(member, object.place)),
        groups: [],
      },
    }),
  );
  return [...configuration.contacts.map((contact) => mapContact(contact, context)), ...groups];
}

/** What a contact says of notifications: itself, or by the first of Shinken's notification ways. Pure. */
export function withNotificationWay(contact: NagiosObject, ways: ReadonlyMap<string, NagiosObject>): NagiosObject {
  const values = new Map(contact.values);
  for (const name of listOf(textOf(contact, "notificationways"))) {
    for (const [key, directive] of ways.get(name)?.values ?? []) if (!values.has(key)) values.set(key, directive);
  }
  return { ...contact, values };
}

function mapContact({ name, object: written }: NagiosNamed, context: ImportContext): ImportedResource {
  const { remarks, resourceNames, configuration } = context;
  const ways = new Map(configuration.notificationWays.map((way) => [way.name, way.object]));
  const object = withNotificationWay(written, ways);
  const named = listOf(textOf(object, "notificationways"));
  if (named.length > 1) {
    remarks.add(
      placeOf(object, "notificationways"),
      `contact ${name}: ${named.length} notification ways`,
      "become one: what the first says holds, the others' commands are left out",
    );
  }
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
      email,
      isEnabled: ["host_notifications_enabled", "service_notifications_enabled"].some(
        (key) => textOf(object, key) !== "0",
      ),
      period: period === undefined ? null : resourceNames(period, object.place),
      minimumBusinessImpact: clamp(numberOf(object, "min_business_impact", 0), 0, 5),
      pager: (textOf(object, "pager") ?? "").slice(0, 255),
      variables,
      channels: channelsOf(name, object, email, context),
    },
  };
}

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
