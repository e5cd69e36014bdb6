/** The address of the console's page about a host or service; its first page for no host (0). Pure. */
export function consoleLink(publicUrl: string, hostId: number, serviceId: number | null): string {
  const base = publicUrl.replace(/\/+$/, "");
  if (hostId === 0) return `${base}/`;
  return serviceId === null ? `${base}/#/hosts/${hostId}/show` : `${base}/#/services/${serviceId}/show`;
}
