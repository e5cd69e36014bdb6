/** The address of the console's page about a host or service. Pure. */
export function consoleLink(publicUrl: string, hostId: number, serviceId: number | null): string {
  const base = publicUrl.replace(/\/+$/, "");
  return serviceId === null ? `${base}/#/hosts/${hostId}/show` : `${base}/#/services/${serviceId}/show`;
}
