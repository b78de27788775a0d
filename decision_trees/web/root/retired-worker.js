// Stands where a service worker stood when the site no longer keeps itself on devices: removes what was kept, and itself.
const PREFIX = `decision-trees ${new URL(self.registration.scope).pathname} `;

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith(PREFIX)) await caches.delete(name);
  await self.registration.unregister();
})()));
