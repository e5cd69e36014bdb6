import { join } from "node:path";
import { hostCount, servicesPerHost } from "./workload.ts";

export const icingaNodeName = "bench";

/** An ApiUser, and where it is served. */
export interface IcingaApiAccess {
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/**
 * No checks, no notifications, no database: the least icinga2 can be asked to do with a result from its pipe or its API. It logs at the level
 * it is shipped with, "information": at "notice" it would write some lines for every result.
 */
export function icingaConfiguration(directory: string, { port, user, password }: IcingaApiAccess): string {
  const place = (name: string) => JSON.stringify(join(directory, name));
  return `
include <itl>
const NodeName = "${icingaNodeName}"
object Endpoint NodeName { }
object Zone NodeName { endpoints = [ NodeName ] }
object ApiListener "api" { bind_host = "127.0.0.1"; bind_port = ${port} }
object ApiUser "${user}" { password = "${password}"; permissions = [ "actions/process-check-result" ] }
object FileLogger "main" { severity = "information"; path = ${place("log/icinga2.log")} }
object ExternalCommandListener "pipe" { command_path = ${place("run/cmd/icinga2.cmd")} }
for (host in range(1, ${hostCount + 1})) {
  object Host "bench" + Json.encode(host) {
    check_command = "dummy"
    enable_active_checks = false
  }
}
for (service in range(1, ${servicesPerHost + 1})) {
  apply Service "service" + Json.encode(service) {
    check_command = "dummy"
    enable_active_checks = false
    max_check_attempts = 1
    assign where true
  }
}
`;
}
