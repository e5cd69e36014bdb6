import type { Collector, CollectorPlaces } from "../collector.ts";
import { Families } from "../families.ts";
import { readText, readWord } from "../read-kernel-file.ts";

/** node_exporter's own choice, and what dashboards ask besides: Tcp_MaxConn, TCPOFOQueue, TCPRcvQDrop. */
const wanted =
  /^(.*_(InErrors|InErrs)|Ip_Forwarding|Ip(6|Ext)_(InOctets|OutOctets)|Icmp6?_(InMsgs|OutMsgs)|TcpExt_(Listen.*|Syncookies.*|TCPSynRetrans|TCPTimeouts|TCPOFOQueue|TCPRcvQDrop)|Tcp_(ActiveOpens|InSegs|OutSegs|OutRsts|PassiveOpens|RetransSegs|CurrEstab|MaxConn)|Udp6?_(InDatagrams|OutDatagrams|NoPorts|RcvbufErrors|SndbufErrors))$/;

/** What the network protocols counted (/proc/net/netstat, snmp and snmp6). */
export function createNetstatCollector({ procRoot }: CollectorPlaces): Collector {
  // The fields of a kernel never change: each is held against the pattern once.
  const names = new Map<string, string>();

  function add(families: Families, protocol: string, field: string, value: string | undefined): void {
    const key = `${protocol}_${field}`;
    let name = names.get(key);
    if (name === undefined) {
      name = wanted.test(key) ? `node_netstat_${key}` : "";
      names.set(key, name);
    }
    if (name !== "") families.untyped(name, `Statistic ${protocol}${field}.`, Number(value));
  }

  function addPairs(families: Families, text: string): void {
    const lines = text.split("\n");
    for (let index = 0; index + 1 < lines.length; index += 2) {
      const [head = "", ...fields] = (lines[index] ?? "").split(" ");
      const values = (lines[index + 1] ?? "").split(" ");
      const protocol = head.replace(/:$/, "");
      for (const [column, field] of fields.entries()) add(families, protocol, field, values[column + 1]);
    }
  }

  function collect() {
    const families = new Families();
    addPairs(families, readText(`${procRoot}/net/netstat`));
    addPairs(families, readText(`${procRoot}/net/snmp`));
    // Where IPv6 is off there is no such file.
    for (const line of (readWord(`${procRoot}/net/snmp6`) ?? "").split("\n")) {
      const [key = "", value] = line.split(/\s+/);
      const six = key.indexOf("6");
      if (six !== -1) add(families, key.slice(0, six + 1), key.slice(six + 1), value);
    }
    return families.list();
  }
  return { name: "netstat", isDefault: true, collect };
}
