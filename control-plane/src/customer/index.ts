/**
 * Customers: organisations with members. A member is a user bound to the customer; the role admin there makes an owner, operator a member, viewer
 * a reader. An organisation is made by registration, by those who run the installation, or by the first user or host that names it.
 */
export { ensureCustomer } from "./ensure-customer.ts";
export { refuseLosingLastOwner } from "./owner-rule.ts";
export { createCustomerRoutes } from "./routes.ts";
export { freeCustomerName } from "./slug.ts";
export { findCustomerByName, findOrganisation } from "./store.ts";
