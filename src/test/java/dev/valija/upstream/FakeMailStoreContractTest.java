package dev.valija.upstream;

import dev.valija.support.FakeUpstream;

class FakeMailStoreContractTest extends MailStoreContract {
    private static final FakeUpstream UPSTREAM = new FakeUpstream();

    @Override
    public Upstream upstream() {
        return UPSTREAM;
    }

    @Override
    protected ServerLogin login(long accountId, String user) {
        UPSTREAM.user(user, "secret");
        return UPSTREAM.login(accountId, user);
    }
}
