// What the journeys share. They run in CloudWatch Synthetics (runtime for Playwright, Node 20 or newer) and under plain node;
// they need nothing but fetch. A journey ends with an error or it has passed.
import { randomUUID } from 'node:crypto';
import { pathToFileURL } from 'node:url';

/** The longest wait for one answer, in milliseconds; a customer has gone by then. */
const ANSWER_MS = 5_000;
/** The longest wait for an order that was taken but not yet decided. */
const DECIDED_MS = 20_000;

/** The addresses of a store, and what is asked of its answers. */
export class Store {
    constructor(base) {
        if (!/^https?:\/\/[^/]+$/.test(base ?? '')) {
            throw new Error(`STORE must be an address without a path, https://store.example.com, and is ${base}`);
        }
        this.base = base;
    }

    /** Calls the store. Fails when the status is not one of those expected, or when the answer does not name its Region. */
    async call(method, path, { expect = [200], body, headers = {} } = {}) {
        const what = `${method} ${path}`;
        const started = Date.now();
        let answer;
        let text;
        try {
            answer = await fetch(this.base + path, {
                method,
                headers: { accept: 'application/json', ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
                body: body ? JSON.stringify(body) : undefined,
                signal: AbortSignal.timeout(ANSWER_MS),
            });
            text = await answer.text();
        } catch (e) {
            throw new Error(`${what}: no answer after ${Date.now() - started} ms: ${e.cause?.code ?? e.name}`);
        }
        const region = answer.headers.get('x-region');
        console.log(`${what} ${answer.status} ${Date.now() - started} ms ${region}`);
        if (!expect.includes(answer.status)) {
            throw new Error(`${what}: status ${answer.status} instead of ${expect.join(' or ')}: ${text.slice(0, 300)}`);
        }
        if (!region) {
            throw new Error(`${what}: the answer names no Region`);
        }
        const json = (answer.headers.get('content-type') ?? '').includes('json');
        return { status: answer.status, region, text, json: json ? JSON.parse(text) : undefined };
    }

    /** A product that can be bought now. */
    async product() {
        const { json } = await this.call('GET', '/catalog/products?page=1&size=50');
        const found = json.find((p) => p.stock === null || p.stock > 0);
        check(found, 'no product is in stock');
        return found;
    }

    /** The order once it is decided. One that was taken while PostgreSQL is away stays ACCEPTED, which is a failure here. */
    async decided(id) {
        for (const end = Date.now() + DECIDED_MS; ; await new Promise((resume) => setTimeout(resume, 500))) {
            const { json } = await this.call('GET', `/orders/${id}`);
            if (json.status !== 'ACCEPTED') {
                return json;
            }
            check(Date.now() < end, `order ${id} is still ACCEPTED after ${DECIDED_MS} ms`);
        }
    }
}

/** Fails with the text unless the condition holds. */
export function check(condition, otherwise) {
    if (!condition) {
        throw new Error(otherwise);
    }
}

/** A customer for one run, so that runs from several Regions do not meet. */
export function customer() {
    return `canary-${randomUUID()}`;
}

/** Where the parcels of canaries would go. */
export const ADDRESS = Object.freeze({
    firstName: 'Canary',
    lastName: 'Journey',
    email: 'canary@example.com',
    address1: '1 Quay',
    city: 'Galway',
    state: 'CT',
});

/** Makes the handler that Synthetics calls, and runs the journey at once when node was started with its file. */
export function journey(file, steps) {
    const name = file.split('/').at(-1).replace('.mjs', '');
    const handler = async () => {
        const started = Date.now();
        await steps(new Store(process.env.STORE));
        console.log(`${name} passed in ${Date.now() - started} ms`);
    };
    if (process.argv[1] && pathToFileURL(process.argv[1]).href === file) {
        process.env.STORE = process.argv[2] ?? process.env.STORE;
        handler().catch((e) => {
            console.error(`${name} failed: ${e.message}`);
            process.exitCode = 1;
        });
    }
    return handler;
}
