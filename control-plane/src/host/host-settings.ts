import { HostInput } from "@mycloud/protocol/host";
import { monitoredSettings } from "@mycloud/protocol/monitored";
import { z } from "zod";

/** What `host.settings_json` holds: how a host is watched, what it is reached through, who probes it. Missing fields are their defaults. */
export const HostSettings = z.object({
  ...monitoredSettings,
  parents: HostInput.shape.parents,
  probers: HostInput.shape.probers,
  flapDetection: HostInput.shape.flapDetection,
});
export type HostSettings = z.infer<typeof HostSettings>;

/** The settings among a host's fields, defaults where there is none. Pure. */
export function hostSettingsOf(input: Partial<HostSettings>): HostSettings {
  return HostSettings.parse(input);
}
