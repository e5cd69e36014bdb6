import type { Definition } from "@mycloud/checks/nagios-objects";
import type { Commands } from "./commands.ts";
import { type Inventory, ofKind, type ResourceOf } from "./inventory.ts";
import { optionsOf } from "./told.ts";

const mail = (about: string) =>
  `/usr/bin/printf "%b" "${about}\\n$LONGDATETIME$\\n" | /usr/bin/mail -s "$NOTIFICATIONTYPE$ $HOSTNAME$" $CONTACTEMAIL$`;

const every = ["WARNING", "UNKNOWN", "CRITICAL", "DOWN", "UNREACHABLE", "RECOVERY", "FLAPPING", "DOWNTIME"];

/** Contacts with the states they want to hear of. A channel Nagios cannot run is a remark. */
export function defineContacts(inventory: Inventory, commands: Commands): Definition[] {
  return ofKind(inventory, "Contact").map(({ name, spec }) => {
    const { variables } = spec;
    const addresses = Object.entries(variables).filter(([key]) => /^ADDRESS[1-6]$/.test(key));
    const own = Object.entries(variables).filter(([key]) => !/^ADDRESS[1-6]$/.test(key));
    const isEnabled = spec.isEnabled ? 1 : 0;
    return {
      type: "contact",
      directives: [
        ["contact_name", name],
        ["alias", spec.alias],
        ["email", spec.email],
        ["pager", spec.pager],
        ...addresses.map(([key, value]): [string, string] => [key.toLowerCase(), value]),
        ["minimum_importance", spec.minimumBusinessImpact],
        ["host_notifications_enabled", isEnabled],
        ["service_notifications_enabled", isEnabled],
        ["host_notification_period", spec.period],
        ["service_notification_period", spec.period],
        ["host_notification_options", optionsOf(spec.states ?? every, "host")],
        ["service_notification_options", optionsOf(spec.states ?? every, "service")],
        ["host_notification_commands", channelCommands(name, spec, "host", inventory, commands)],
        ["service_notification_commands", channelCommands(name, spec, "service", inventory, commands)],
        ...own.map(([key, value]): [string, string] => [`_${key}`, value]),
      ],
    };
  });
}

function channelCommands(
  name: string,
  spec: ResourceOf<"Contact">["spec"],
  kind: "host" | "service",
  inventory: Inventory,
  commands: Commands,
): string {
  const names = spec.channels.flatMap((channel) => {
    if (channel.type === "email") {
      const about =
        kind === "host"
          ? "$HOSTNAME$ is $HOSTSTATE$: $HOSTOUTPUT$"
          : "$HOSTNAME$/$SERVICEDESC$ is $SERVICESTATE$: $SERVICEOUTPUT$";
      return [commands.add(`notify-${kind}-by-mail`, mail(about))];
    }
    if (channel.type === "command") {
      return [
        commands.nameOf(`notify-by-${channel.program}`, [
          `/usr/local/lib/mycloud/notification-commands/${channel.program}`,
          ...channel.arguments,
        ]),
      ];
    }
    inventory.remarks.add(`contact ${name}: channel ${channel.type}`, "Nagios has no such channel");
    return [];
  });
  return (names.length > 0 ? names : [commands.nameOf("notify-nobody", ["/bin/true"])]).join(",");
}
