/* An App that takes deliveries and does nothing: what probot costs by itself. */
import { createServer } from 'node:http';
import { generateKeyPairSync } from 'node:crypto';
import { Probot, createNodeMiddleware } from 'probot';

const { privateKey } = generateKeyPairSync('rsa', {
	modulusLength: 2048,
	privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
	publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const probot = new Probot({
	appId: 1,
	privateKey,
	secret: process.env.SECRET,
	logLevel: 'warn',
});
let heard = 0;
const app = (one) => {
	one.onAny(() => {
		heard++;
	});
};
const middleware = await createNodeMiddleware(app, {
	probot,
	webhooksPath: '/api/github/webhooks',
});
const server = createServer((req, res) => middleware(req, res));
server.keepAliveTimeout = 60000;
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
