package dev.valija.account;

import dev.valija.upstream.ServerSettings;

/**
 * What makes a sign-in the same person's: the server that vouched and the name it knows them by. Never the address, and
 * the name exactly as given, since some servers tell Anna from anna.
 */
record LoginKey(String host, int port, String loginName) {

    static LoginKey of(ServerSettings store, String loginName) {
        return new LoginKey(store.host(), store.port(), loginName);
    }
}
