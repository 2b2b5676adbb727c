// @logto/api: a machine's token, and calls of the Management API with good and bad input.
import { createManagementApi } from '@logto/api/management';
import { run } from './client.mjs';

/** The data of an answer that must be good. */
const good = async (call) => {
  const { data, error, response } = await call;
  if (!response.ok) throw Object.assign(new Error(error?.message), { name: 'ApiError', code: error?.code ?? response.status });
  return data;
};

/** Status and code of an answer that must be bad. */
const bad = async (call) => {
  const { error, response } = await call;
  return [response.status, error?.code];
};

await run(async ({ issuer, machine }) => {
  const { origin } = new URL(issuer);
  const { apiClient: api, clientCredentials } = createManagementApi('default', {
    baseUrl: origin,
    apiIndicator: 'https://default.logto.app/api',
    clientId: machine.id,
    clientSecret: machine.secret,
  });
  const { scope } = await clientCredentials.getAccessToken();

  const body = { username: 'kaede', primaryEmail: 'kaede@example.com', name: '楓', customData: { plan: 'free' } };
  const created = await good(api.POST('/api/users', { body }));
  const params = { path: { userId: created.id } };
  const read = await good(api.GET('/api/users/{userId}', { params }));
  const patched = await good(api.PATCH('/api/users/{userId}', { params, body: { name: null, customData: { plan: 'paid' } } }));
  const list = await api.GET('/api/users', { params: { query: { page: 1, page_size: 1 } } });
  const suspended = await good(api.PATCH('/api/users/{userId}/is-suspended', { params, body: { isSuspended: true } }));
  await good(api.DELETE('/api/users/{userId}', { params }));

  const application = await good(api.POST('/api/applications', {
    body: { name: 'Shop', type: 'SPA', oidcClientMetadata: { redirectUris: ['https://shop.example/'], postLogoutRedirectUris: [] } },
  }));
  const ofApplication = { params: { path: { id: application.id } } };
  const renamed = await good(api.PATCH('/api/applications/{id}', { ...ofApplication, body: { name: 'Shop 2' } }));
  const applications = await good(api.GET('/api/applications'));
  await good(api.DELETE('/api/applications/{id}', ofApplication));

  const resource = await good(api.POST('/api/resources', { body: { name: 'Stock', indicator: 'https://stock.example' } }));
  const inResource = { params: { path: { resourceId: resource.id } } };
  const permission = await good(api.POST('/api/resources/{resourceId}/scopes', { ...inResource, body: { name: 'read:stock' } }));
  const permissions = await good(api.GET('/api/resources/{resourceId}/scopes', inResource));
  await good(api.DELETE('/api/resources/{id}', { params: { path: { id: resource.id } } }));

  return {
    scope,
    created: [created.username, created.primaryEmail, created.name, created.customData],
    isSame: read.id === created.id && read.updatedAt === created.updatedAt,
    patched: [patched.name, patched.customData],
    list: [list.data.length, list.response.headers.get('total-number'), list.response.headers.get('link')],
    suspended: suspended.isSuspended,
    gone: await bad(api.GET('/api/users/{userId}', { params })),
    badEmail: await bad(api.POST('/api/users', { body: { primaryEmail: 'nobody' } })),
    badType: await bad(api.POST('/api/users', { body: { name: 7 } })),
    taken: await bad(api.POST('/api/users', { body: { username: 'sakura' } })),
    badPage: await bad(api.GET('/api/users', { params: { query: { page: 0 } } })),
    application: [renamed.name, renamed.type, applications.some(({ id }) => id === application.id)],
    applicationGone: await bad(api.GET('/api/applications/{id}', ofApplication)),
    resource: [resource.indicator, permissions.map(({ id, name }) => [id === permission.id, name])],
    resourceGone: await bad(api.GET('/api/resources/{id}', { params: { path: { id: resource.id } } })),
  };
});
