// @logto/express in an Express application with sessions, visited by a browser without scripts.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { handleAuthRoutes, withLogto } from '@logto/express';
import express from 'express';
import session from 'express-session';
import { describe, run } from './client.mjs';
import { Robot } from './robot.mjs';

/** Serves the application at the address that is registered for it. */
const serve = async (settings) => {
  const { issuer, web, resource, scope } = settings;
  const config = {
    appId: web.id,
    appSecret: web.secret,
    endpoint: new URL(issuer).origin,
    baseUrl: web.url,
    resources: [resource],
    scopes: ['email', scope],
  };
  const application = express();
  application.use(session({ secret: randomUUID(), resave: false, saveUninitialized: true }));
  application.use(handleAuthRoutes(config));
  application.get('/', withLogto(config), (request, response) => response.json(request.user));
  application.get('/me', withLogto({ ...config, fetchUserInfo: true }), (request, response) => response.json(request.user));
  application.get('/token', withLogto({ ...config, getAccessToken: true, resource }), (request, response) => response.json(request.user));
  // Express knows this as the one for errors by its four parameters.
  application.use((error, request, response, next) => response.status(500).json({ error: describe(error) }));
  const listening = application.listen(new URL(web.url).port, new URL(web.url).hostname);
  await once(listening, 'listening');
  return listening;
};

/** What a page of the application says; an error of the client is thrown on. */
const read = ({ status, text, url }) => {
  if (status === 500) throw Object.assign(new Error(), JSON.parse(text).error);
  if (status !== 200) throw new Error(`${status} at ${url}: ${text}`);
  return JSON.parse(text);
};

await run(async (settings) => {
  const listening = await serve(settings);
  const { web, person } = settings;
  const robot = new Robot();
  try {
    const before = read(await robot.open(web.url));
    const signedIn = read(await robot.signIn(`${web.url}/logto/sign-in`, person));
    const me = read(await robot.open(`${web.url}/me`));
    const token = read(await robot.open(`${web.url}/token`));
    const signedOut = read(await robot.open(`${web.url}/logto/sign-out`));
    const next = await robot.open(`${web.url}/logto/sign-in`);
    return {
      before: before.isAuthenticated,
      claims: signedIn.claims,
      userInfo: me.userInfo,
      accessToken: JSON.parse(Buffer.from(token.accessToken.split('.')[1], 'base64url')),
      after: signedOut.isAuthenticated,
      next: next.url.pathname,
    };
  } finally {
    listening.close();
    listening.closeAllConnections();
  }
});
