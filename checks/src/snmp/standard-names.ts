/**
 * Objects of the standard modules that people ask for by name, as facts: name to OID without instance. SNMPv2-MIB, IF-MIB, HOST-RESOURCES-MIB, UPS-MIB,
 * Printer-MIB, ENTITY-SENSOR-MIB, UCD-SNMP-MIB.
 */
export const standardNames: Readonly<Record<string, string>> = {
  ...named("1.3.6.1.2.1.1", { sysDescr: 1, sysObjectID: 2, sysUpTime: 3, sysContact: 4, sysName: 5, sysLocation: 6 }),
  sysUpTimeInstance: "1.3.6.1.2.1.1.3.0",
  sysServices: "1.3.6.1.2.1.1.7",
  ifNumber: "1.3.6.1.2.1.2.1",
  ...named("1.3.6.1.2.1.2.2.1", {
    ifIndex: 1,
    ifDescr: 2,
    ifType: 3,
    ifMtu: 4,
    ifSpeed: 5,
    ifPhysAddress: 6,
    ifAdminStatus: 7,
    ifOperStatus: 8,
    ifLastChange: 9,
    ifInOctets: 10,
    ifInUcastPkts: 11,
    ifInDiscards: 13,
    ifInErrors: 14,
    ifInUnknownProtos: 15,
    ifOutOctets: 16,
    ifOutUcastPkts: 17,
    ifOutDiscards: 19,
    ifOutErrors: 20,
  }),
  ...named("1.3.6.1.2.1.31.1.1.1", {
    ifName: 1,
    ifInMulticastPkts: 2,
    ifInBroadcastPkts: 3,
    ifOutMulticastPkts: 4,
    ifOutBroadcastPkts: 5,
    ifHCInOctets: 6,
    ifHCInUcastPkts: 7,
    ifHCOutOctets: 10,
    ifHCOutUcastPkts: 11,
    ifHighSpeed: 15,
    ifPromiscuousMode: 16,
    ifConnectorPresent: 17,
    ifAlias: 18,
    ifCounterDiscontinuityTime: 19,
  }),
  snmpEngineID: "1.3.6.1.6.3.10.2.1.1",
  snmpEngineBoots: "1.3.6.1.6.3.10.2.1.2",
  snmpEngineTime: "1.3.6.1.6.3.10.2.1.3",
  hrSystemUptime: "1.3.6.1.2.1.25.1.1",
  hrSystemDate: "1.3.6.1.2.1.25.1.2",
  hrSystemNumUsers: "1.3.6.1.2.1.25.1.5",
  hrSystemProcesses: "1.3.6.1.2.1.25.1.6",
  hrMemorySize: "1.3.6.1.2.1.25.2.2",
  ...named("1.3.6.1.2.1.25.2.3.1", {
    hrStorageIndex: 1,
    hrStorageType: 2,
    hrStorageDescr: 3,
    hrStorageAllocationUnits: 4,
    hrStorageSize: 5,
    hrStorageUsed: 6,
    hrStorageAllocationFailures: 7,
  }),
  ...named("1.3.6.1.2.1.25.3.2.1", {
    hrDeviceIndex: 1,
    hrDeviceType: 2,
    hrDeviceDescr: 3,
    hrDeviceStatus: 5,
    hrDeviceErrors: 6,
  }),
  hrProcessorLoad: "1.3.6.1.2.1.25.3.3.1.2",
  hrPrinterStatus: "1.3.6.1.2.1.25.3.5.1.1",
  hrPrinterDetectedErrorState: "1.3.6.1.2.1.25.3.5.1.2",
  ...named("1.3.6.1.2.1.25.4.2.1", { hrSWRunIndex: 1, hrSWRunName: 2, hrSWRunPath: 4, hrSWRunParameters: 5 }),
  ...named("1.3.6.1.2.1.33.1.1", {
    upsIdentManufacturer: 1,
    upsIdentModel: 2,
    upsIdentUPSSoftwareVersion: 3,
    upsIdentAgentSoftwareVersion: 4,
    upsIdentName: 5,
  }),
  ...named("1.3.6.1.2.1.33.1.2", {
    upsBatteryStatus: 1,
    upsSecondsOnBattery: 2,
    upsEstimatedMinutesRemaining: 3,
    upsEstimatedChargeRemaining: 4,
    upsBatteryVoltage: 5,
    upsBatteryCurrent: 6,
    upsBatteryTemperature: 7,
  }),
  ...named("1.3.6.1.2.1.33.1.3.3.1", { upsInputFrequency: 2, upsInputVoltage: 3, upsInputCurrent: 4 }),
  upsOutputSource: "1.3.6.1.2.1.33.1.4.1",
  ...named("1.3.6.1.2.1.33.1.4.4.1", { upsOutputVoltage: 2, upsOutputPower: 4, upsOutputPercentLoad: 5 }),
  upsAlarmsPresent: "1.3.6.1.2.1.33.1.6.1",
  upsAlarmDescr: "1.3.6.1.2.1.33.1.6.2.1.2",
  prtGeneralPrinterName: "1.3.6.1.2.1.43.5.1.1.16",
  prtGeneralSerialNumber: "1.3.6.1.2.1.43.5.1.1.17",
  prtMarkerLifeCount: "1.3.6.1.2.1.43.10.2.1.4",
  ...named("1.3.6.1.2.1.43.11.1.1", {
    prtMarkerSuppliesClass: 4,
    prtMarkerSuppliesType: 5,
    prtMarkerSuppliesDescription: 6,
    prtMarkerSuppliesSupplyUnit: 7,
    prtMarkerSuppliesMaxCapacity: 8,
    prtMarkerSuppliesLevel: 9,
  }),
  prtConsoleDisplayBufferText: "1.3.6.1.2.1.43.16.5.1.2",
  ...named("1.3.6.1.2.1.43.18.1.1", { prtAlertSeverityLevel: 2, prtAlertCode: 7, prtAlertDescription: 8 }),
  ...named("1.3.6.1.2.1.47.1.1.1.1", { entPhysicalDescr: 2, entPhysicalName: 7, entPhysicalSerialNum: 11 }),
  ...named("1.3.6.1.2.1.99.1.1.1", {
    entPhySensorType: 1,
    entPhySensorScale: 2,
    entPhySensorPrecision: 3,
    entPhySensorValue: 4,
    entPhySensorOperStatus: 5,
    entPhySensorUnitsDisplay: 6,
  }),
  ...named("1.3.6.1.4.1.2021.4", {
    memTotalSwap: 3,
    memAvailSwap: 4,
    memTotalReal: 5,
    memAvailReal: 6,
    memTotalFree: 11,
    memBuffer: 14,
    memCached: 15,
  }),
  ...named("1.3.6.1.4.1.2021.9.1", { dskPath: 2, dskTotal: 6, dskAvail: 7, dskUsed: 8, dskPercent: 9 }),
  ...named("1.3.6.1.4.1.2021.10.1", { laNames: 2, laLoad: 3, laLoadInt: 5, laLoadFloat: 6 }),
  ...named("1.3.6.1.4.1.2021.11", {
    ssCpuUser: 9,
    ssCpuSystem: 10,
    ssCpuIdle: 11,
    ssCpuRawUser: 50,
    ssCpuRawNice: 51,
    ssCpuRawSystem: 52,
    ssCpuRawIdle: 53,
    ssCpuRawWait: 54,
  }),
};

const byOid = new Map(Object.entries(standardNames).map(([name, oid]) => [oid, name]));

/** An OID as people call it: `ifDescr.2` where its object is a built-in one, else the OID itself. Pure. */
export function nameOfOid(oid: string): string {
  for (let end = oid.length; end > 0; end = oid.lastIndexOf(".", end - 1)) {
    const name = byOid.get(oid.slice(0, end));
    if (name !== undefined) return name + oid.slice(end);
  }
  return oid;
}

function named(base: string, numbers: Readonly<Record<string, number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(numbers).map(([name, number]) => [name, `${base}.${number}`]));
}
