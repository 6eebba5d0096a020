/* What the browser does with a message that comes while no page is open. */
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  let message = {};
  try {
    message = event.data?.json() ?? {};
  } catch {
    message = { title: event.data?.text() };
  }
  const { title = "Baylink", body = "", url = "/notifications/", tag } = message;
  event.waitUntil(
    self.registration.showNotification(title, { body, tag, data: { url }, icon: "/static/baylink/img/favicon.svg" }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = new URL(event.notification.data?.url || "/notifications/", self.location.origin);
  const target = url.origin === self.location.origin ? url.href : `${self.location.origin}/notifications/`;
  event.waitUntil(
    self.clients.matchAll({ type: "window", includeUncontrolled: true }).then((pages) => {
      const open = pages.find((page) => new URL(page.url).origin === self.location.origin);
      return open ? open.focus().then(() => open.navigate(target)) : self.clients.openWindow(target);
    }),
  );
});
