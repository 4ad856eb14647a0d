package dev.valija.web;

import dev.valija.account.SignIns;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.header.HeaderWriterFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.util.WebUtils;

/** Who may do what, and what browsers are told to forbid. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");
    private static final Set<String> SIGN_IN = Set.of("/api/v1/session", "/api/v1/tokens");

    @Bean
    SecurityFilterChain everything(
            HttpSecurity http,
            SignIns signIns,
            WebProperties properties,
            @Qualifier("handlerExceptionResolver") HandlerExceptionResolver resolver) {
        return http.authorizeHttpRequests(requests -> requests
                        // Once let in, a request stays so while it is answered.
                        .dispatcherTypeMatchers(DispatcherType.ASYNC, DispatcherType.ERROR, DispatcherType.FORWARD)
                        .permitAll()
                        .requestMatchers(HttpMethod.GET, "/api/v1/instance")
                        .permitAll()
                        .requestMatchers(HttpMethod.POST, "/api/v1/session", "/api/v1/tokens")
                        .permitAll()
                        // Their addresses are sealed: the sandboxed page of a mail sends no cookie.
                        .requestMatchers(HttpMethod.GET, "/api/v1/images/**")
                        .permitAll()
                        .requestMatchers("/api/v1/**")
                        .authenticated()
                        .requestMatchers("/actuator/health/**")
                        .permitAll()
                        .requestMatchers("/actuator/**")
                        .denyAll()
                        .anyRequest()
                        .permitAll())
                .addFilterAfter(new FaultFilter(resolver), HeaderWriterFilter.class)
                .addFilterBefore(new RequestSizeFilter(properties.maxRequestBytes()), CsrfFilter.class)
                .addFilterBefore(new CrossSiteFilter(), CsrfFilter.class)
                .addFilterBefore(new AccessFilter(signIns), AnonymousAuthenticationFilter.class)
                .csrf(csrf -> csrf.spa()
                        .csrfTokenRepository(new SessionCsrfTokens())
                        .requireCsrfProtectionMatcher(SecurityConfiguration::needsCsrfToken))
                .exceptionHandling(faults -> faults.authenticationEntryPoint(
                                (request, response, e) -> resolver.resolveException(request, response, null, e))
                        .accessDeniedHandler(
                                (request, response, e) -> resolver.resolveException(request, response, null, e)))
                .headers(BrowserRules::apply)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .requestCache(AbstractHttpConfigurer::disable)
                .formLogin(AbstractHttpConfigurer::disable)
                .httpBasic(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .build();
    }

    /** Keeps Boot from making a user with a password of its own; {@link AccessFilter} does all there is. */
    @Bean
    AuthenticationManager noPasswordsHere() {
        return authentication -> {
            throw new AuthenticationServiceException("not used");
        };
    }

    /** What a browser sends along by itself must be meant: only the cookie is. Signing in has no session to misuse. */
    private static boolean needsCsrfToken(HttpServletRequest request) {
        var signingIn = request.getMethod().equals("POST") && SIGN_IN.contains(request.getRequestURI());
        return !SAFE.contains(request.getMethod())
                && !signingIn
                && AccessFilter.token(request) == null
                && WebUtils.getCookie(request, SignIns.COOKIE) != null;
    }
}
