import { placeholder } from "../grafana-files/index.ts";

/** Unique ids of the data sources, by which alert rules know them. */
export const dataSourceUid = {
  prometheus: "mycloud-prometheus",
  alertmanager: "mycloud-alertmanager",
  endpoint: "mycloud-data",
} as const;

const token = `$__file{${placeholder.tokenFile}}`;

/** The data sources. Pure. */
export function dataSources(): object {
  return {
    apiVersion: 1,
    datasources: [
      {
        name: "MyCloud Prometheus",
        uid: dataSourceUid.prometheus,
        type: "prometheus",
        access: "proxy",
        url: placeholder.prometheus,
        jsonData: { httpMethod: "POST", timeInterval: "30s", alertmanagerUid: dataSourceUid.alertmanager },
      },
      {
        name: "MyCloud Alertmanager",
        uid: dataSourceUid.alertmanager,
        type: "alertmanager",
        access: "proxy",
        url: placeholder.controlPlane,
        basicAuth: true,
        basicAuthUser: "mycloud",
        jsonData: { implementation: "prometheus", handleGrafanaManagedAlerts: false },
        secureJsonData: { basicAuthPassword: token },
      },
      {
        // Needs the plugin yesoreyeram-infinity-datasource; without it Grafana shows it as not installed, and everything else works.
        name: "MyCloud",
        uid: dataSourceUid.endpoint,
        type: "yesoreyeram-infinity-datasource",
        access: "proxy",
        url: placeholder.controlPlane,
        jsonData: { auth_method: "bearerToken", allowedHosts: [placeholder.controlPlane] },
        secureJsonData: { bearerToken: token },
      },
    ],
  };
}

/** Where Grafana finds the dashboards. Pure. */
export function dashboardProvider(): object {
  return {
    apiVersion: 1,
    providers: [
      {
        name: "MyCloud",
        orgId: 1,
        folder: "MyCloud",
        folderUid: "mycloud",
        type: "file",
        disableDeletion: false,
        allowUiUpdates: false,
        updateIntervalSeconds: 60,
        options: { path: placeholder.dashboards, foldersFromFilesStructure: false },
      },
    ],
  };
}
