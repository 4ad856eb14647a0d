package dev.valija.upstream;

/**
 * What a provider is shown to let us in. Its text form hides the password, so that no log ever holds it.
 */
public record Credentials(String username, String password) {
    @Override
    public String toString() {
        return "Credentials[" + username + "]";
    }
}
