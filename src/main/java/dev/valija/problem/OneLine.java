package dev.valija.problem;

import static java.lang.annotation.ElementType.FIELD;
import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.ElementType.PARAMETER;
import static java.lang.annotation.ElementType.RECORD_COMPONENT;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import jakarta.validation.Constraint;
import jakarta.validation.Payload;
import jakarta.validation.ReportAsSingleViolation;
import jakarta.validation.constraints.Pattern;
import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/**
 * A text without control characters, those from U+0080 to U+009F included: it may come to stand in a line of a
 * protocol or a header, where CR and LF would end it and begin another.
 */
@Target({FIELD, METHOD, PARAMETER, RECORD_COMPONENT})
@Retention(RUNTIME)
@Constraint(validatedBy = {})
@Pattern(regexp = "\\P{Cc}*")
@ReportAsSingleViolation
public @interface OneLine {
    String message() default "must not hold control characters";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};
}
