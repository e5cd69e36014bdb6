import type { MetricLabels } from "@mycloud/protocol/exposition";
import type { Collector, CollectorPlaces } from "../collector.ts";
import { Families } from "../families.ts";
import { numberOf, readText, readWord, rowsOf } from "../read-kernel-file.ts";

/** RAM disks, loop devices, floppies and partitions, as node_exporter leaves them out. */
const left = /^(ram|loop|fd|(h|s|v|xv)d[a-z]|nvme\d+n\d+p)\d+$/;

/** The columns after the device's name (kernel Documentation/admin-guide/iostats.rst). Times are milliseconds, sectors have 512 bytes. */
const columns = [
  ["reads_completed_total", 1, "Reads completed."],
  ["reads_merged_total", 1, "Reads merged with others."],
  ["read_bytes_total", 512, "Bytes read."],
  ["read_time_seconds_total", 0.001, "Seconds spent by all reads."],
  ["writes_completed_total", 1, "Writes completed."],
  ["writes_merged_total", 1, "Writes merged with others."],
  ["written_bytes_total", 512, "Bytes written."],
  ["write_time_seconds_total", 0.001, "Seconds spent by all writes."],
  ["io_now", 1, "Requests under way."],
  ["io_time_seconds_total", 0.001, "Seconds in which requests were under way."],
  ["io_time_weighted_seconds_total", 0.001, "Seconds spent by all requests, those under way included."],
  ["discards_completed_total", 1, "Discards completed."],
  ["discards_merged_total", 1, "Discards merged with others."],
  ["discarded_sectors_total", 1, "Sectors discarded."],
  ["discard_time_seconds_total", 0.001, "Seconds spent by all discards."],
  ["flush_requests_total", 1, "Flushes completed."],
  ["flush_requests_time_seconds_total", 0.001, "Seconds spent by all flushes."],
] as const;

const ata = [
  ["ID_ATA_WRITE_CACHE", "node_disk_ata_write_cache", "Whether the disk has a write cache."],
  ["ID_ATA_WRITE_CACHE_ENABLED", "node_disk_ata_write_cache_enabled", "Whether its write cache is enabled."],
  ["ID_ATA_ROTATION_RATE_RPM", "node_disk_ata_rotation_rate_rpm", "Rotations a minute; 0 for SSDs."],
] as const;

/** What each disk did (/proc/diskstats), and what udev knows of it. */
export function createDiskstatsCollector({ procRoot, udevRoot }: CollectorPlaces): Collector {
  function collect() {
    const families = new Families();
    for (const [major = "", minor = "", device, ...values] of rowsOf(readText(`${procRoot}/diskstats`))) {
      if (device === undefined || left.test(device)) continue;
      const properties = readUdevProperties(`${udevRoot}/b${major}:${minor}`);
      addInfo(families, { device, major, minor }, properties);
      const labels = { device };
      for (const [index, [name, factor, help]] of columns.entries()) {
        const value = numberOf(values[index]);
        if (value === undefined) break;
        // Dividing keeps short decimals short.
        const scaled = factor === 0.001 ? value / 1000 : value * factor;
        if (name === "io_now") families.gauge("node_disk_io_now", help, scaled, labels);
        else families.counter(`node_disk_${name}`, help, scaled, labels);
      }
    }
    return families.list();
  }
  return { name: "diskstats", isDefault: true, collect };
}

function addInfo(families: Families, disk: MetricLabels, properties: ReadonlyMap<string, string>): void {
  const of = (name: string) => properties.get(name) ?? "";
  const { device = "" } = disk;
  families.gauge("node_disk_info", "What the disk is.", 1, {
    ...disk,
    path: of("ID_PATH"),
    wwn: of("ID_WWN"),
    model: of("ID_MODEL"),
    serial: of("ID_SERIAL_SHORT"),
    revision: of("ID_REVISION"),
  });
  if (of("ID_FS_TYPE") !== "") {
    families.gauge("node_disk_filesystem_info", "The file system on the disk.", 1, {
      device,
      type: of("ID_FS_TYPE"),
      usage: of("ID_FS_USAGE"),
      uuid: of("ID_FS_UUID"),
      version: of("ID_FS_VERSION"),
    });
  }
  if (of("DM_NAME") !== "") {
    families.gauge("node_disk_device_mapper_info", "What the device mapper calls it.", 1, {
      device,
      name: of("DM_NAME"),
      uuid: of("DM_UUID"),
      vg_name: of("DM_VG_NAME"),
      lv_name: of("DM_LV_NAME"),
      lv_layer: of("DM_LV_LAYER"),
    });
  }
  if (of("ID_ATA") === "") return;
  for (const [property, name, help] of ata)
    families.gaugeIf(name, help, numberOf(properties.get(property)), { device });
}

/** `E:NAME=value` lines; nothing where udev knows nothing. */
function readUdevProperties(path: string): ReadonlyMap<string, string> {
  const properties = new Map<string, string>();
  for (const line of (readWord(path) ?? "").split("\n")) {
    const equals = line.indexOf("=");
    if (line.startsWith("E:") && equals !== -1) properties.set(line.slice(2, equals), line.slice(equals + 1));
  }
  return properties;
}
